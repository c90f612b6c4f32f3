using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansClean.Batches;
using OrleansClean.Execution.Coordination;
using OrleansClean.Execution.Hosting;
using OrleansClean.Grains.Wire;

namespace OrleansClean.Grains.Tests.Wire;

/// <summary>
/// The wire's text is fixed by the files in <c>Golden</c>: what a version wrote every later one reads, and the names stay. A new property
/// is a new file beside the old one.
/// </summary>
public sealed class WireFormatTests
{
    private static readonly BatchOverview Overview = new("b", BatchPhase.Running, null, null, "listing.jsonl", 9, 1, 2, 0, 3, 1, 1, 1) { Body = "body.json" };

    private static readonly Dictionary<string, object> Samples = new(StringComparer.Ordinal)
    {
        ["oc.submission"] = new BatchSubmission
        {
            Id = "b",
            PlanText = "plan: 1\n",
            InputRoot = "in",
            OutputRoot = "out",
            Inputs = ["*.csv"],
            Parameters = ImmutableSortedDictionary<string, string>.Empty.Add("k", "v"),
            MaxRejects = "2%",
            Timeout = TimeSpan.FromMinutes(5),
            FrozenAt = new DateTimeOffset(2026, 11, 1, 12, 0, 0, TimeSpan.Zero),
        },
        ["oc.submission-place"] = new SubmissionPlace("ab"),
        ["oc.host-reply"] = new HostReply(HostOutcome.Conflict, "no"),
        ["oc.status-reply"] = new StatusReply(HostOutcome.Known, "", Overview),
        ["oc.take"] = new TakeRequest(new WorkerId("silo@127.0.0.1:1", 7), 3, 2, [new AttemptId(4, 1)]),
        ["oc.take-answer"] = new TakeAnswer(new TakeReply([new AttemptId(5, 1)], [new AttemptId(4, 1)], new BatchPlace("b", "out", "body.json", "listing.jsonl"), IsOver: false), null),
        ["oc.report"] = new AttemptReport(new AttemptId(4, 1), AttemptResult.Failed, null, new Failure("storage-error", "no", IsTransient: true)),
        ["oc.report-answer"] = new ReportAnswer(null, "away"),
        ["oc.start"] = new StartOrder("b", new AttemptId(4, 1)),
        ["oc.start-reply"] = new StartReply(IsStarted: true),
    };

    public static TheoryData<string> Names => new(WireTypes.ByName.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_record_is_written_as_it_always_was_and_read_back(string name)
    {
        var sample = Samples[name];
        var type = WireTypes.ByName[name];
        Assert.IsType(type, sample);

        var text = JsonSerializer.Serialize(sample, WireTypes.Json.GetTypeInfo(type));

        Assert.Equal(Golden(name), text);
        Assert.Equal(text, JsonSerializer.Serialize(JsonSerializer.Deserialize(text, WireTypes.Json.GetTypeInfo(type)), WireTypes.Json.GetTypeInfo(type)));
    }

    [Fact]
    public void Work_of_another_kind_says_so_and_cleaning_leaves_it_out()
    {
        var place = new SubmissionPlace("ab") { Kind = WorkKind.Map };
        var take = new TakeAnswer(new TakeReply([], [], new BatchPlace("b", "out", "body.json", "listing.json") { Kind = WorkKind.Array }, IsOver: false), null);
        var status = new StatusReply(HostOutcome.Known, "", Overview with { Kind = WorkKind.Map });

        Assert.Equal("""{"document":"ab","kind":"Map"}""", Text(place));
        Assert.Contains(""","kind":"Array"}""", Text(take), StringComparison.Ordinal);
        Assert.Contains(""""kind":"Map"""", Text(status), StringComparison.Ordinal);
        Assert.DoesNotContain("kind", Text(place with { Kind = WorkKind.CleanFiles }), StringComparison.Ordinal);
        Assert.Equal(WorkKind.Array, JsonSerializer.Deserialize<TakeAnswer>(Text(take), WireTypes.Json)!.Reply!.Place!.Kind);

        static string Text<T>(T value) => JsonSerializer.Serialize(value, WireTypes.Json);
    }

    [Fact]
    public void What_goes_with_a_report_beside_the_journal_travels_in_base_64()
    {
        var ready = new AttemptOutcome.Ready("staged") { Aside = "2,x\n"u8.ToArray() };

        var text = JsonSerializer.Serialize(AttemptReport.Of(new AttemptId(4, 1), ready), WireTypes.Json.GetTypeInfo(typeof(AttemptReport)));
        var read = (AttemptReport)JsonSerializer.Deserialize(text, WireTypes.Json.GetTypeInfo(typeof(AttemptReport)))!;

        Assert.Equal("""{"attempt":{"item":4,"number":1},"result":"Ready","payload":"staged","aside":"Mix4Cg=="}""", text);
        Assert.Equal("2,x\n"u8.ToArray(), Assert.IsType<AttemptOutcome.Ready>(read.ToOutcome()).Aside.ToArray());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_record_of_a_newer_version_with_one_property_more_is_read(string name)
    {
        var type = WireTypes.ByName[name];
        var newer = Golden(name)[..^1] + ",\"addedLater\":{\"x\":[1,2]}}";

        var read = JsonSerializer.Deserialize(newer, WireTypes.Json.GetTypeInfo(type));

        Assert.Equal(Golden(name), JsonSerializer.Serialize(read, WireTypes.Json.GetTypeInfo(type)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_record_of_an_older_version_with_one_property_less_is_read_and_written_again(string name)
    {
        var type = WireTypes.ByName[name];
        var left = new List<string>();

        foreach (var path in PropertiesOf(JsonNode.Parse(Golden(name))!, []))
        {
            var older = JsonNode.Parse(Golden(name))!;
            var owner = path[..^1].Aggregate(older, (node, part) => node[part]!);
            owner.AsObject().Remove(path[^1]);
            if (FirstOnes.Contains($"{name} {string.Join('.', path)}", StringComparer.Ordinal))
            {
                // These were there from the first version on: without them it is no such record.
                Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(older, WireTypes.Json.GetTypeInfo(type)));
                continue;
            }

            var read = JsonSerializer.Deserialize(older, WireTypes.Json.GetTypeInfo(type));
            JsonSerializer.Serialize(read, WireTypes.Json.GetTypeInfo(type));
            left.Add(string.Join('.', path));
        }

        Assert.NotEmpty(left);
    }

    private static readonly string[] FirstOnes =
    [
        "oc.submission id", "oc.submission planText", "oc.submission inputRoot", "oc.submission outputRoot", "oc.submission frozenAt",
    ];

    private static IEnumerable<string[]> PropertiesOf(JsonNode node, string[] path) => node is JsonObject record
        ? record.SelectMany(property => PropertiesOf(property.Value!, [.. path, property.Key]).Prepend([.. path, property.Key]))
        : [];

    private static string Golden(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Wire", "Golden", name + ".json")).TrimEnd('\n');
}
