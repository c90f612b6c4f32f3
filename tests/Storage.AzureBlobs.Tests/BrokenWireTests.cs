using System.Text;
using OrleansClean.Storage.Tests;

namespace OrleansClean.Storage.AzureBlobs.Tests;

/// <summary>
/// Connections that break beneath the real client: whatever it does about it, each write is decided by reading, and happens once.
/// </summary>
[Collection(AzuriteGroup.Name)]
#pragma warning disable CA1001 // The wire ends with the test, by DisposeAsync.
public sealed class BrokenWireTests(Azurite azurite) : IAsyncLifetime
#pragma warning restore CA1001
{
    private const string Ours = "ours\n";
    private const int SendingsMax = 4;
    private static readonly ObjectName Name = ObjectName.Parse("x.csv");
    private static readonly CommitId Commit = new("c1");

    private readonly string _container = $"c{Guid.NewGuid():n}";
    private BrokenWire _wire = null!;
    private AzureBlobStore _straight = null!;
    private AzureBlobStore _through = null!;

    /// <summary>Writes that become visible, and how the client's request for each begins.</summary>
    public enum Write
    {
        CommitNew,
        CommitOver,
        DocumentNew,
        DocumentOver,
        AppendFirst,
        AppendNext,
        Delete,
    }

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var write in Enum.GetValues<Write>())
            {
                foreach (var fault in new[] { WireFault.LoseRequest, WireFault.LoseAnswer, WireFault.CutHead, WireFault.Late })
                {
                    cases.Add(write.ToString(), fault.ToString());
                }
            }

            return cases;
        }
    }

    public async Task InitializeAsync()
    {
        if (Azurite.WhyNot is null)
        {
            _wire = new BrokenWire(azurite.Port);
            _straight = Open(azurite.Port, TimeSpan.FromSeconds(60));
            _through = Open(_wire.Port, TimeSpan.FromSeconds(60));
            await _straight.PrepareAsync(default);
        }
    }

    public async Task DisposeAsync()
    {
        if (_wire is not null)
        {
            await _wire.DisposeAsync();
        }
    }

    [ContractTheory]
    [MemberData(nameof(Cases))]
    public async Task A_write_on_a_connection_that_breaks_happens_once(string writeName, string faultName)
    {
        var (write, fault) = (Enum.Parse<Write>(writeName), Enum.Parse<WireFault>(faultName));
        var send = await PrepareAsync(write);

        // The connection was used before: that is where a client may send again by itself.
        await _through.FindAsync(ObjectName.Parse("other.csv"), default);
        _wire.Break(IsWrite(write), fault);

        Assert.True(await UntilDecidedAsync(send), "It is not decided.");

        Assert.True(_wire.WasHit, "No request met the fault.");
        await AssertStandsAsync(write);
        Assert.Single(_wire.Statuses(PartsOf(write)), status => status is 201 or 202);
        if (fault is WireFault.Late)
        {
            Assert.InRange(await _wire.LandAsync(), 400, 499);
            await AssertStandsAsync(write);
        }
    }

    [ContractTheory]
    [InlineData(Write.CommitNew)]
    [InlineData(Write.CommitOver)]
    [InlineData(Write.DocumentOver)]
    [InlineData(Write.AppendNext)]
    public async Task A_write_whose_answer_never_comes_is_decided_when_the_wait_is_over(Write write)
    {
        _through = Open(_wire.Port, TimeSpan.FromSeconds(4));
        var send = await PrepareAsync(write);
        _wire.Break(IsWrite(write), WireFault.Silence);

        Assert.True(await UntilDecidedAsync(send), "It is not decided.");

        await AssertStandsAsync(write);
        Assert.Single(_wire.Statuses(PartsOf(write)), status => status is 201 or 202);
    }

    [ContractTheory]
    [InlineData(WireFault.LoseRequest)]
    [InlineData(WireFault.LoseAnswer)]
    [InlineData(WireFault.CutHead)]
    [InlineData(WireFault.CutBody)]
    public async Task A_read_on_a_connection_that_breaks_gives_the_whole_content(WireFault fault)
    {
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i}\n"));
        await WriteAsync(text);
        var found = (await _straight.FindAsync(Name, default))!;
        _wire.Break(line => line.StartsWith("GET", StringComparison.Ordinal), fault);

        await using var content = await _through.OpenReadAsync(Name, found.ETag, default);
        using var reader = new StreamReader(content);

        Assert.Equal(text, await reader.ReadToEndAsync());
        Assert.True(_wire.WasHit);
    }

    [ContractTheory]
    [InlineData(WireFault.LoseAnswer)]
    [InlineData(WireFault.CutBody)]
    public async Task A_document_and_a_log_are_read_whole_or_not_at_all(WireFault fault)
    {
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i}\n"));
        await WriteAsync(text);
        var log = ObjectName.Parse("journal/1.log");
        Assert.IsType<AppendResult.Appended>(await _straight.AppendAsync(log, 0, Encoding.ASCII.GetBytes(text), default));

        _wire.Break(line => line.StartsWith("GET", StringComparison.Ordinal), fault);
        Assert.Equal(text, Encoding.ASCII.GetString((await _through.ReadDocumentAsync(Name, default))!.Content.Span));
        _wire.Break(line => line.StartsWith("GET", StringComparison.Ordinal), fault);
        Assert.Equal(text, Encoding.ASCII.GetString((await _through.ReadLogAsync(log, 0, default))!.Value.Span));
        Assert.True(_wire.WasHit);
    }

    /// <summary>Sends the same intent until the answer leaves nothing open.</summary>
    private static async Task<bool> UntilDecidedAsync(Func<Task<bool>> send)
    {
        for (var sending = 1; sending <= SendingsMax; sending++)
        {
            try
            {
                if (await send())
                {
                    return true;
                }
            }
            catch (StorageException e) when (e.IsTransient)
            {
                // The same again.
            }
        }

        return false;
    }

    /// <summary>What is sent; true once it is done. A conflict would be somebody else's, and here is nobody else.</summary>
    private async Task<Func<Task<bool>>> PrepareAsync(Write write)
    {
        switch (write)
        {
            case Write.CommitNew or Write.CommitOver:
                var over = write is Write.CommitOver ? Precondition.Matches(await WriteAsync("old\n")) : Precondition.Absent;
                await using (var staging = await _straight.StageAsync(Name, StageId.Of("b", 1, 1), default))
                {
                    staging.Content.Write(Encoding.ASCII.GetBytes(Ours));
                    var staged = await staging.SealAsync(default);
                    return async () => await _through.CommitAsync(staged, over, Commit, default) switch
                    {
                        CommitResult.Published => true,
                        CommitResult.Unknown => false,
                        var other => throw new InvalidOperationException(other.ToString()),
                    };
                }

            case Write.DocumentNew or Write.DocumentOver:
                var expected = write is Write.DocumentOver ? Precondition.Matches(await WriteAsync("old\n")) : Precondition.Absent;
                return async () => await _through.WriteDocumentAsync(Name, Encoding.ASCII.GetBytes(Ours), expected, default) switch
                {
                    WriteResult.Written => true,
                    WriteResult.Unknown => false,
                    var other => throw new InvalidOperationException(other.ToString()),
                };
            case Write.AppendFirst or Write.AppendNext:
                var position = write is Write.AppendNext ? ((AppendResult.Appended)await _straight.AppendAsync(Name, 0, "opened\n"u8.ToArray(), default)).Length : 0;
                return async () => await _through.AppendAsync(Name, position, Encoding.ASCII.GetBytes(Ours), default) is AppendResult.Appended
                    || (await _through.ReadLogAsync(Name, position, default))?.Length > 0;
            default:
                var etag = await WriteAsync("old\n");
                return async () => await _through.DeleteAsync(Name, etag, default) ? true : throw new InvalidOperationException("It is another's.");
        }
    }

    private async Task AssertStandsAsync(Write write)
    {
        var document = await _straight.ReadDocumentAsync(Name, default);
        var text = document is null ? null : Encoding.ASCII.GetString(document.Content.Span);
        Assert.Equal(write switch { Write.Delete => null, Write.AppendNext => "opened\n" + Ours, _ => Ours }, text);
    }

    private async Task<ETag> WriteAsync(string text) =>
        Assert.IsType<WriteResult.Written>(await _straight.WriteDocumentAsync(Name, Encoding.ASCII.GetBytes(text), Precondition.Absent, default)).ETag;

    private static string[] PartsOf(Write write) => write switch
    {
        Write.CommitNew or Write.CommitOver => ["PUT", "comp=blocklist"],
        Write.AppendFirst or Write.AppendNext => ["PUT", "comp=appendblock"],
        Write.Delete => ["DELETE", "x.csv"],
        _ => ["PUT", "x.csv"],
    };

    private static Func<string, bool> IsWrite(Write write) => line => PartsOf(write).All(part => line.Contains(part, StringComparison.Ordinal));

    private AzureBlobStore Open(int port, TimeSpan timeout) => new(BlobConnection.Parse(Azurite.ConnectionStringOf(port)), _container, "", new AzureBlobOptions
    {
        RetriesMax = 2,
        RetryDelay = TimeSpan.FromMilliseconds(1),
        RetryDelayMax = TimeSpan.FromMilliseconds(2),
        RequestTimeout = timeout,
    });
}
