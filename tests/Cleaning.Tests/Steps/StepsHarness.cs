using System.Text;
using System.Text.Json;
using OrleansClean.Cleaning.Ledgers;
using EvidenceRun = OrleansClean.Cleaning.Tests.Evidence.CleaningRun;

namespace OrleansClean.Cleaning.Tests.StepByStep;

/// <summary>The words in which tests speak of steps: <c>With("- trim: all").Over("a\n x\n").Gives("a\nx\n")</c>.</summary>
internal sealed class PlannedSteps(string steps, string? expect, string? read)
{
    /// <summary>Runs the steps over a file.</summary>
    public StepsOutcome Over(string input)
    {
        var plan = new StringBuilder("plan: 1\nname: test\n");
        if (read is not null)
        {
            plan.Append("read: ").Append(read).Append('\n');
        }

        plan.Append("steps:\n").Append(Indent(steps));
        if (expect is not null)
        {
            plan.Append("expect:\n").Append(Indent(expect));
        }

        plan.Append("write: out/{name}.csv\n");
        return new StepsOutcome(EvidenceRun.Of(plan.ToString(), Encoding.UTF8.GetBytes(input)));
    }

    private static string Indent(string lines) =>
        string.Concat(lines.TrimEnd('\n').Split('\n').Select(line => $"  {line}\n"));
}

/// <summary>What came of a file.</summary>
internal sealed class StepsOutcome(EvidenceRun run)
{
    public FileReport Report => run.Cleaned;

    /// <summary>The rejected rows as their records tell them.</summary>
    public IReadOnlyList<JsonElement> Rejects =>
    [
        .. Encoding.UTF8.GetString(run.Outputs.RejectRecords)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement),
    ];

    public StepsOutcome Gives(string expected)
    {
        Assert.Null(run.Failure?.Message);
        Assert.Equal(expected, Encoding.UTF8.GetString(run.Outputs.Output));
        run.AssertBalanced();
        return this;
    }

    /// <summary>Exactly these rows were rejected: <c>line code column</c> each.</summary>
    public StepsOutcome Rejecting(params string[] expected)
    {
        _ = run.Cleaned;
        Assert.Equal(expected, Rejects.Select(reject => string.Join(
            ' ',
            new[] { reject.GetProperty("line").GetRawText(), Text(reject, "code"), Text(reject, "column") }.Where(text => text.Length > 0))));
        return this;
    }

    /// <summary>The first rejected row says this.</summary>
    public StepsOutcome Saying(string part)
    {
        Assert.Contains(part, Text(Rejects[0], "message"), StringComparison.Ordinal);
        return this;
    }

    /// <summary>The first rejected row expected this.</summary>
    public StepsOutcome Expecting(string expected)
    {
        Assert.Equal(expected, Text(Rejects[0], "expected"));
        return this;
    }

    /// <summary>The step of that id changed so many cells.</summary>
    public StepsOutcome Changing(string id, long cells)
    {
        Assert.Equal(cells, Step(id).CellsChanged);
        return this;
    }

    /// <summary>The step of that id dropped so many rows.</summary>
    public StepsOutcome Dropping(string id, long rows)
    {
        Assert.Equal(rows, Step(id).Rows.Dropped);
        return this;
    }

    /// <summary>The file failed with this code, and its message says all of these.</summary>
    public StepsOutcome Fails(string code, params string[] parts)
    {
        Assert.NotNull(run.Failure);
        Assert.True(code == run.Failure.Code, $"{run.Failure.Code}: {run.Failure.Message}");
        Assert.All(parts, part => Assert.Contains(part, run.Failure.Message, StringComparison.Ordinal));
        return this;
    }

    /// <summary>The ledger's line of a step.</summary>
    public StepReport Step(string id) => run.Cleaned.Steps.Single(step => step.Id == id);

    private static string Text(JsonElement record, string name) =>
        record.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}

/// <summary>The first word: <c>using static</c> it.</summary>
internal static class StepWords
{
    public static PlannedSteps With(string steps, string? expect = null, string? read = null) => new(steps, expect, read);
}
