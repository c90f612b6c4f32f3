using OrleansClean.Execution.State;
using OrleansClean.Execution.Tests.Vocabulary;

namespace OrleansClean.Execution.Tests.State;

public sealed class StateFolderTests : IDisposable
{
    private readonly Workplace _place = new Workplace().WriteInputs(1);

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task The_state_is_found_from_in_above_and_below_the_output_folder()
    {
        var report = await _place.RunAsync();
        Directory.CreateDirectory(_place.PathOf("out/deep/deeper"));

        foreach (var start in new[] { "out", "out/deep/deeper", ".", ".." })
        {
            var state = StateFolder.Find(_place.PathOf(start));
            Assert.Equal((_place.OutputRoot, report.BatchId), (state.OutputRoot, state.LatestId()));
        }
    }

    [Fact]
    public async Task Of_several_the_newest_is_taken()
    {
        await _place.RunAsync(r => r with { OutputDirectory = "one" });
        var second = await _place.RunAsync(r => r with { OutputDirectory = "two" });
        File.SetLastWriteTimeUtc(_place.PathOf("one/out/.orleansclean/latest"), DateTime.UtcNow.AddHours(-1));

        var state = StateFolder.Find(_place.Root);

        Assert.Equal((_place.PathOf("two/out"), second.BatchId), (state.OutputRoot, state.LatestId()));
    }

    [Fact]
    public async Task Where_there_is_none_the_message_says_what_to_do()
    {
        Assert.Contains("orleansclean run", Assert.Throws<UsageException>(() => StateFolder.Find(_place.Root)).Message, StringComparison.Ordinal);
        Assert.Contains("holds no .orleansclean", Assert.Throws<UsageException>(() => StateFolder.Open(_place.Root)).Message, StringComparison.Ordinal);
        await _place.RunAsync();
        Assert.Contains("There is:", Assert.Throws<UsageException>(() => _place.State.ReadReport("../../x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_remembers_where_it_came_from()
    {
        await _place.RunAsync(r => r with { Inputs = ["in"] });

        var origin = _place.State.ReadOrigin(null);

        Assert.Equal(_place.PathOf("plan.yaml"), origin.PlanPath);
        Assert.Equal(("in/1.csv", _place.PathOf("in/1.csv")), Assert.Single(origin.Inputs.Select(i => (i.Key, i.Value))));
    }

    [Fact]
    public async Task Batches_are_listed_newest_first()
    {
        var ids = new List<string>();
        for (var run = 0; run < 3; run++)
        {
            ids.Add((await _place.RunAsync()).BatchId);
        }

        Assert.Equal(Enumerable.Reverse(ids), _place.State.Batches().Select(b => b.Id));
        Assert.All(_place.State.Batches(), b => Assert.Equal("done", b.Status));
        Assert.Matches("^simple-[0-9a-f]{8}-1$", ids[0]);
    }
}
