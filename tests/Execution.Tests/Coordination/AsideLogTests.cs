using System.Text;
using OrleansClean.Batches;
using OrleansClean.Execution.Coordination;
using OrleansClean.Storage;
using OrleansClean.Storage.Faults;
using OrleansClean.Storage.Memory;

namespace OrleansClean.Execution.Tests.Coordination;

/// <summary>What is kept beside a journal before the journal names it.</summary>
public sealed class AsideLogTests
{
    private static readonly JournalNames Names = new("b/journal");
    private readonly MemoryStore _memory = new(TimeProvider.System);

    [Fact]
    public async Task What_many_events_have_aside_is_one_append_and_each_is_told_its_place()
    {
        var before = _memory.Operations;
        var events = Events("a\n", "", "bb\nb\n");

        await Log(_memory).KeepAsync(events, default);
        var calls = _memory.Operations - before;

        Assert.Equal([new AsidePlace(1, 0, 2), null, new AsidePlace(1, 2, 5)], events.Select(happened => happened.Kept));
        Assert.All(events, happened => Assert.True(happened.Aside.IsEmpty));
        Assert.Equal(["a\n", "bb\nb\n"], await ReadAsync(events));

        // Two looks at where the log ends, and the append.
        Assert.Equal(3, calls);
    }

    [Fact]
    public async Task Events_without_anything_aside_cost_no_call()
    {
        var events = Events("", "");

        await Log(_memory).KeepAsync(events, default);

        Assert.Equal(0, _memory.Operations);
        Assert.All(events, happened => Assert.Null(happened.Kept));
    }

    [Fact]
    public async Task More_than_one_append_takes_is_several()
    {
        var text = new string('x', (600 << 10) - 1) + "\n";
        var events = Events(text, text, "end\n");

        await Log(_memory).KeepAsync(events, default);

        Assert.Equal([text, text, "end\n"], await ReadAsync(events));
    }

    [Fact]
    public async Task Two_coordinators_that_write_to_one_log_find_what_each_of_them_wrote()
    {
        var (older, newer) = (Log(_memory), Log(_memory));
        var events = new List<BatchEvent>();
        for (var turn = 0; turn < 6; turn++)
        {
            var next = Events($"{turn}\n");
            await (turn % 2 == 0 ? older : newer).KeepAsync(next, default);
            events.AddRange(next);
        }

        Assert.Equal(["0\n", "1\n", "2\n", "3\n", "4\n", "5\n"], await ReadAsync(events));
    }

    [Theory]
    [InlineData(StoreFaultKind.Before)]
    [InlineData(StoreFaultKind.After)]
    [InlineData(StoreFaultKind.Late)]
    [InlineData(StoreFaultKind.PreconditionFailed)]
    [InlineData(StoreFaultKind.Unavailable)]
    public async Task An_append_whose_answer_is_lost_is_there_once_or_in_vain(StoreFaultKind fault)
    {
        var appends = 0;
        var faults = new StoreFaults(_memory, call => call.Operation is StoreOperation.Append && Interlocked.Increment(ref appends) == 1 ? fault : null);
        var log = Log(faults);
        var events = Events("a\n", "b\n");

        await log.KeepAsync(events, default);
        await faults.LandAsync();
        var more = Events("c\n");
        await log.KeepAsync(more, default);

        Assert.Equal(["a\n", "b\n", "c\n"], await ReadAsync([.. events, .. more]));
    }

    [Fact]
    public async Task A_log_that_takes_no_more_appends_is_followed_by_another()
    {
        var position = 0L;
        for (var append = 0; append < _memory.Limits.LogAppendsMax; append++, position += 2)
        {
            Assert.IsType<AppendResult.Appended>(await _memory.AppendAsync(Names.Aside(1), position, "x\n"u8.ToArray(), default));
        }

        var events = Events("a\n");
        await Log(_memory).KeepAsync(events, default);
        var more = Events("b\n");
        await Log(_memory).KeepAsync(more, default);

        Assert.Equal((new AsidePlace(2, 0, 2), new AsidePlace(2, 2, 2)), (events[0].Kept, more[0].Kept));
    }

    private static AsideLog Log(IObjectStore store) => new(store, Names, TimeProvider.System);

    private static List<BatchEvent> Events(params string[] asides) =>
        [.. asides.Select((aside, item) => new BatchEvent.IntentRecorded(new AttemptId(item, 1), "staged") { Aside = Encoding.UTF8.GetBytes(aside) })];

    private async Task<List<string>> ReadAsync(IEnumerable<BatchEvent> events)
    {
        var texts = new List<string>();
        foreach (var place in events.Select(happened => happened.Kept).OfType<AsidePlace>())
        {
            var read = (await _memory.ReadLogAsync(Names.Aside(place.Log), place.Start, default))!.Value;
            texts.Add(Encoding.UTF8.GetString(read.Span[..place.Length]));
        }

        return texts;
    }
}
