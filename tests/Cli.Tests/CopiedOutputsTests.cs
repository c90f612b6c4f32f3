using System.Text.Json;
using OrleansClean.Cli.Tests.Vocabulary;

namespace OrleansClean.Cli.Tests;

/// <summary>
/// Output folders that were copied, restored or touched: the same bytes, other times and other files underneath. What a run finds there is its own; only
/// other bytes are somebody's.
/// </summary>
public sealed class CopiedOutputsTests : IDisposable
{
    private readonly WorkFolder _work = new WorkFolder()
        .With("plan.yaml", Plans.Small)
        .With("in/good.csv", "id,value\n1,10\n2,-5\n3,7.5\n")
        .With("in/bad.csv", "id,value\n1,10\n2,\"1,000\"\n3,7.5,extra\n");

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task A_folder_that_was_copied_with_its_state_is_up_to_date_and_stays_so()
    {
        await RunAsync();
        Copy();

        Assert.Equal("bad unchanged, good unchanged", await RunAsync());
        Assert.Equal("bad unchanged, good unchanged", await RunAsync());
        Assert.Equal(0, (await Typed.Async("report", "verify")).ExitCode);
    }

    [Fact]
    public async Task What_a_run_wrote_is_no_stranger_s_in_a_copy()
    {
        await RunAsync();
        Copy();
        _work.With("in/bad.csv", "id,value\n1,x\n");

        Assert.Equal("bad cleaned, good unchanged", await RunAsync("--no-clobber"));
    }

    [Fact]
    public async Task Rejects_that_were_only_copied_are_replaced_and_removed()
    {
        await RunAsync();
        Copy();
        _work.With("in/bad.csv", "id,value\n1,x\n2,y\n");
        Assert.Equal("bad cleaned, good unchanged", await RunAsync());
        Assert.Equal("id,value\n1,x\n2,y\n", _work.Read("out/_rejects/bad.rejects.csv"));

        Copy();
        _work.With("in/bad.csv", "id,value\n1,2\n");
        Assert.Equal("bad cleaned, good unchanged", await RunAsync());
        Assert.False(_work.Has("out/_rejects/bad.rejects.csv"));
    }

    [Fact]
    public async Task Rejects_that_somebody_mended_in_the_copy_are_theirs()
    {
        await RunAsync();
        Copy();
        _work.With("out/_rejects/bad.rejects.csv", "id,value\n2,\"1,001\"\n3,7.5,extra\n").With("in/bad.csv", "id,value\n1,x\n");

        Assert.Equal("bad failed, good unchanged", await RunAsync());
        Assert.Equal("id,value\n2,\"1,001\"\n3,7.5,extra\n", _work.Read("out/_rejects/bad.rejects.csv"));
    }

    [Fact]
    public async Task One_output_of_all_is_known_in_a_copy_too()
    {
        _work.With("plan.yaml", Plans.Small.Replace("write: out/{name}.csv", "write: {to: out/all.csv, combine: true}", StringComparison.Ordinal));
        await RunAsync();
        Copy();

        Assert.Equal("bad unchanged, good unchanged", await RunAsync("--no-clobber"));
    }

    private static async Task<string> RunAsync(params string[] words)
    {
        var answer = await Typed.Async(["run", "plan.yaml", "-o", "jsonl", .. words]);

        Assert.True(answer.ExitCode is 0 or 4, answer.Error);
        return string.Join(", ", answer.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Select(file => $"{Path.GetFileNameWithoutExtension(file.GetProperty("path").GetString())} {file.GetProperty("status").GetString()}")
            .Order(StringComparer.Ordinal));
    }

    /// <summary>Every file of <c>out</c>, the state included, becomes another one with the same bytes and another time.</summary>
    private static void Copy()
    {
        foreach (var path in Directory.GetFiles("out", "*", SearchOption.AllDirectories))
        {
            File.Copy(path, path + ".copy");
            File.Delete(path);
            File.Move(path + ".copy", path);
            File.SetLastWriteTimeUtc(path, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }
    }
}
