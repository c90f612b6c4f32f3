using Azure.Storage;
using Azure.Storage.Blobs.Models;
using OrleansClean.Storage.Blobs;

namespace OrleansClean.Storage.AzureBlobs;

/// <summary>Content on its way into blocks, each with the MD5 of its bytes.</summary>
internal sealed class BlobStaging : IStaging, IBlockSink
{
    private readonly BlobRoot _root;
    private readonly BlockStream _content;
    private readonly CancellationToken _opening;
    private BlockIds _ids;

    public BlobStaging(BlobRoot root, ObjectName name, StageId stage, BlockSizes sizes)
    {
        _root = root;
        _ids = BlockIds.New(stage);
        _content = new BlockStream(this, sizes, name);
        _opening = CancellationToken.None;
        Name = name;

        // A name that cannot be used is refused before any work is done for it.
        BlobNames.Check(name);
    }

    public ObjectName Name { get; }

    public Stream Content => _content;

    public void Put(int index, byte[] block, int length)
    {
        try
        {
            var blob = _root.Staging(Name);
            try
            {
                blob.StageBlock(_ids[index], Body(block, length), Checked(), _opening);
            }
            catch (Azure.RequestFailedException e) when (index == 0 && BlobErrors.Is(e, BlobErrorCode.InvalidBlobOrBlock))
            {
                _root.CountOperation();
                Adapt(blob.GetBlockList(BlockListTypes.All, cancellationToken: _opening), e);
                _root.CountOperation();
                blob.StageBlock(_ids[index], Body(block, length), Checked(), _opening);
            }
        }
        catch (Exception e) when (BlobErrors.Knows(e, _opening))
        {
            throw BlobErrors.Of(e, _root.Locate(Name), "written");
        }
    }

    public async ValueTask PutAsync(int index, byte[] block, int length, CancellationToken cancellationToken)
    {
        try
        {
            var blob = _root.Staging(Name);
            try
            {
                await blob.StageBlockAsync(_ids[index], Body(block, length), Checked(), cancellationToken);
            }
            catch (Azure.RequestFailedException e) when (index == 0 && BlobErrors.Is(e, BlobErrorCode.InvalidBlobOrBlock))
            {
                _root.CountOperation();
                Adapt(await blob.GetBlockListAsync(BlockListTypes.All, cancellationToken: cancellationToken), e);
                _root.CountOperation();
                await blob.StageBlockAsync(_ids[index], Body(block, length), Checked(), cancellationToken);
            }
        }
        catch (Exception e) when (BlobErrors.Knows(e, cancellationToken))
        {
            throw BlobErrors.Of(e, _root.Locate(Name), "written");
        }
    }

    public async ValueTask<StagedReference> SealAsync(CancellationToken cancellationToken)
    {
        await _content.EndAsync(cancellationToken);
        return new StagedReference(Name, _ids.Stage, _content.BytesWritten, _ids.Describe(_content.Count), null);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static MemoryStream Body(byte[] block, int length) => new(block, 0, length, writable: false);

    private static BlockBlobStageBlockOptions Checked() => new()
    {
        TransferValidation = new UploadTransferValidationOptions { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5 },
    };

    /// <summary>Another program's blocks wait under this name. Ours take the length of their ids, if there is room in it.</summary>
    private void Adapt(BlockList waiting, Exception refusal)
    {
        var other = waiting.UncommittedBlocks.Concat(waiting.CommittedBlocks).FirstOrDefault();
        var length = other.Name is null ? 0 : Convert.FromBase64String(other.Name).Length;
        if (length is <= BlockIds.BytesUsed or > BlockIds.BytesMax)
        {
            throw BlobErrors.Of(refusal, _root.Locate(Name), "written");
        }

        _ids = _ids.WithLength(length);
    }
}
