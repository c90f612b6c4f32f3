using System.Collections.Immutable;
using System.Text.Json;
using OrleansClean.Cleaning.Csv;
using OrleansClean.Cleaning.Ledgers;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Tests.Evidence;

/// <summary>One rejected row as its JSON record tells it.</summary>
internal sealed record RejectedRow(long Record, long Line, string Code);

/// <summary>What came of one file: a report, or the code of its failure.</summary>
internal sealed record CleaningRun(MemoryOutputs Outputs, FileReport? Report, FileFailedException? Failure)
{
    /// <summary>A file that takes longer hangs. Far beyond what the slowest machine needs for a few MB.</summary>
    private static readonly TimeSpan HangAfter = TimeSpan.FromMinutes(2);

    /// <summary>The report of a file that must have been cleaned.</summary>
    public FileReport Cleaned => Report ?? throw new InvalidOperationException($"{Failure!.Code}: {Failure.Message}");

    /// <summary>The rejected rows, in file order.</summary>
    public IReadOnlyList<RejectedRow> Rejected =>
    [
        .. System.Text.Encoding.UTF8.GetString(Outputs.RejectRecords)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line =>
            {
                var json = JsonDocument.Parse(line).RootElement;
                return new RejectedRow(
                    json.GetProperty("record").GetInt64(),
                    json.GetProperty("line").GetInt64(),
                    json.GetProperty("code").GetString()!);
            }),
    ];

    /// <summary>Cleans <paramref name="input"/> with the plan in <paramref name="planText"/>.</summary>
    public static CleaningRun Of(string planText, byte[] input, string name = "in.csv", Limits? limits = null, ReaderSetting? setting = null) =>
        Of(LoadPlan(planText), input, name, limits, setting);

    public static CleaningRun Of(Plan plan, byte[] input, string name = "in.csv", Limits? limits = null, ReaderSetting? setting = null)
    {
        var outputs = new MemoryOutputs();
        using var hang = new CancellationTokenSource(HangAfter);
        try
        {
            var job = new FileCleaning
            {
                Plan = plan,
                InputName = name,
                OpenInput = () => new MemoryStream(input, writable: false),
                Outputs = outputs,
                BatchId = "evidence-1",
                Now = new DateTime(2026, 1, 31, 12, 0, 0, DateTimeKind.Utc),
                Limits = limits ?? Limits.Default,
                Tuning = setting?.Tuning,
            };
            return new CleaningRun(outputs, FileCleaner.Clean(job, hang.Token), null);
        }
        catch (FileFailedException failure)
        {
            return new CleaningRun(outputs, null, failure);
        }
        catch (OperationCanceledException cancelled)
        {
            throw new TimeoutException($"{name} was not done after {HangAfter}: it hangs.", cancelled);
        }
    }

    public static Plan LoadPlan(string planText) =>
        PlanLoader.Load(planText, "plan.yaml", ImmutableDictionary<string, string>.Empty);

    /// <summary>In = out + dropped + rejected, for the file and every step, and each step takes what the one before let go.</summary>
    public void AssertBalanced()
    {
        var report = Cleaned;
        Assert.True(report.Rows.IsBalanced, $"file: {report.Rows}");
        Assert.NotEmpty(report.Steps);
        Assert.Equal(report.Rows.In, report.Steps[0].Rows.In);
        Assert.Equal(report.Rows.Out, report.Steps[^1].Rows.Out);
        Assert.All(report.Steps, step => Assert.True(step.Rows.IsBalanced, $"{step.Id}: {step.Rows}"));
        Assert.All(report.Steps.Zip(report.Steps.Skip(1)), pair => Assert.Equal(pair.First.Rows.Out, pair.Second.Rows.In));
        Assert.Equal(report.Rows.Dropped, report.Steps.Sum(step => step.Rows.Dropped));
        Assert.Equal(report.Rows.Rejected, report.Steps.Sum(step => step.Rows.Rejected));
        Assert.Equal(report.Rows.Rejected, report.Steps.Sum(step => step.Codes.Values.Sum()));
        Assert.Equal(report.Rows.Rejected, Rejected.Count);
    }
}
