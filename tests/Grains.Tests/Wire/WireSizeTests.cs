using System.Collections.Immutable;
using System.Text.Json;
using OrleansClean.Batches;
using OrleansClean.Execution.Coordination;
using OrleansClean.Execution.Hosting;
using OrleansClean.Grains.Wire;

namespace OrleansClean.Grains.Tests.Wire;

/// <summary>Every record of the wire at the largest that its parts allow: a message is short, whatever the batch's size.</summary>
public sealed class WireSizeTests
{
    private const int SlotsMax = 1024;
    private const int NameMax = 1024;
    private const int PathMax = 4096;

    // Bytes of an intent that a report carries: it is JSON, half of it quotes at the worst.
    private const int IntentMax = 16 << 10;

    // Bytes of records that go with it, in base 64.
    private const int AsideMax = 12 << 10;

    private static readonly AttemptId Attempt = new(999_999, 99_999);
    private static readonly string Text = WireText.Bounded(new string('\u0001', 1_000_000));
    private static readonly string Id = new('b', 100);

    private static readonly Dictionary<string, object> Largest = new(StringComparer.Ordinal)
    {
        ["oc.submission"] = LongestSubmission(),
        ["oc.submission-place"] = new SubmissionPlace(new string('a', 64)),
        ["oc.host-reply"] = new HostReply(HostOutcome.Unavailable, Text),
        ["oc.status-reply"] = new StatusReply(HostOutcome.Unavailable, "", Overview),
        ["oc.take"] = new TakeRequest(Worker, long.MaxValue, SlotsMax, Many(SlotsMax + new WorkerPoolOptions { Name = "", Generation = 0, Slots = 1 }.AheadMax)),
        ["oc.take-answer"] = new TakeAnswer(
            new TakeReply(
                Many(BatchMachine.AttemptsPerTakeMax),
                Many(SlotsMax + new WorkerPoolOptions { Name = "", Generation = 0, Slots = 1 }.AheadMax),
                new BatchPlace(Id, new string('o', PathMax), Name, Name),
                IsOver: false),
            null),
        ["oc.report"] = new AttemptReport(Attempt, AttemptResult.Ready, new string('"', IntentMax), new Failure(new string('c', 40), Text[..(Text.Length / 4)], IsTransient: false))
        {
            Aside = new byte[AsideMax],
        },
        ["oc.report-answer"] = new ReportAnswer(null, Text),
        ["oc.start"] = new StartOrder(Id, Attempt),
        ["oc.start-reply"] = new StartReply(IsStarted: false),
    };

    private static BatchOverview Overview =>
        new(Id, BatchPhase.Finishing, StopReason.Cancelled, Text, Name, ItemsMax, ItemsMax, ItemsMax, ItemsMax, ItemsMax, ItemsMax, ItemsMax, ItemsMax) { Body = Name };

    private const int ItemsMax = 1_000_000;

    private static WorkerId Worker => new($"{new string('s', 253)}@255.255.255.255:65535", long.MaxValue);

    private static string Name => new('n', NameMax);

    public static TheoryData<string> Names => new(WireTypes.ByName.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_record_at_its_largest_is_a_short_message(string name)
    {
        var length = JsonSerializer.SerializeToUtf8Bytes(Largest[name], WireTypes.Json.GetTypeInfo(WireTypes.ByName[name])).Length;

        Assert.InRange(length, 1, WireTypes.MessageBytesMax);
    }

    [Fact]
    public void A_failed_report_at_its_largest_is_a_short_message_too()
    {
        var report = new AttemptReport(Attempt, AttemptResult.Failed, null, new Failure("storage-error", Text, IsTransient: true));

        Assert.InRange(JsonSerializer.SerializeToUtf8Bytes(report, WireTypes.Json).Length, 1, WireTypes.MessageBytesMax);
    }

    [Fact]
    public void A_submission_that_names_many_inputs_is_not_sent_as_it_is()
    {
        var few = Submission([.. Enumerable.Range(0, 100).Select(input => $"in/{input:D6}.csv")]);
        var many = Submission([.. Enumerable.Range(0, 100_000).Select(input => $"in/{input:D6}.csv")]);

        Assert.True(WireTypes.IsShort(few));
        Assert.False(WireTypes.IsShort(many));
    }

    [Fact]
    public void A_text_is_cut_between_characters_and_says_how_long_it_was()
    {
        var pairs = string.Concat(Enumerable.Repeat("😀", WireText.CharactersMax));

        Assert.Equal("short", WireText.Bounded("short"));
        Assert.EndsWith("😀… (16001 characters)", WireText.Bounded("x" + pairs), StringComparison.Ordinal);
    }

    /// <summary>The longest submission that is sent as it is.</summary>
    private static BatchSubmission LongestSubmission()
    {
        var (from, to) = (0, WireTypes.SubmissionBytesMax);
        while (to - from > 1)
        {
            var half = (from + to) / 2;
            (from, to) = WireTypes.IsShort(Submission([], new string('"', half))) ? (half, to) : (from, half);
        }

        return Submission([], new string('"', from));
    }

    private static BatchSubmission Submission(ImmutableArray<string> inputs, string plan = "plan: 1\n") =>
        new() { Id = Id, PlanText = plan, InputRoot = "in", OutputRoot = "out", Inputs = inputs, FrozenAt = DateTimeOffset.UnixEpoch };

    private static ImmutableArray<AttemptId> Many(int count) => [.. Enumerable.Repeat(Attempt, count)];
}
