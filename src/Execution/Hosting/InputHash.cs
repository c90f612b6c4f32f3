using System.Buffers;
using System.Security.Cryptography;
using OrleansClean.Execution.Running;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>The hash of an input, read once from beginning to end.</summary>
internal static class InputHash
{
    private const int BlockBytes = 1 << 20;

    /// <summary>SHA-256 in lower-case hex. Throws as reading does.</summary>
    public static string Of(IObjectStore source, ObjectName key, ETag etag, CancellationToken cancellationToken)
    {
        using var content = source.OpenReadAsync(key, etag, cancellationToken).Now();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            for (var read = content.Read(block); read > 0; read = content.Read(block))
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.AppendData(block, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
