using System.Globalization;
using OrleansClean.Cli.Output;
using OrleansClean.Execution;
using OrleansClean.Execution.Mapping;

namespace OrleansClean.Cli.Mapping;

/// <summary>What is said about a map when it has ended.</summary>
internal static class MapText
{
    /// <summary>The summary, on standard error: the data is on the other one. <paramref name="where"/> says who worked, if it was not this process.</summary>
    public static void Say(Terminal terminal, string function, LineMapRequest? request, LineMapReport report, string? where = null)
    {
        terminal.Say(
            $"{Visible.Path(function)}   {Amounts.Of(report.Inputs, "input")}   {where ?? Workers(request!, report)}"
            + $"   {Amounts.Duration(report.Elapsed)}{Speed(report)}");
        List<string> parts = [$"{Amounts.Count(report.Ok)} ok", $"{Amounts.Count(report.Failed)} failed"];
        Add(parts, report.TimedOut, "of them out of time");
        Add(parts, report.Retries, "tried again");
        if (request is { MemoMax: > 0 })
        {
            parts.Add($"{Amounts.Of(report.MemoHits, "memo hit")}");
        }

        if (report.WorkersReplaced > 0)
        {
            parts.Add($"{Amounts.Of(report.WorkersReplaced, "worker process", "worker processes")} replaced");
        }

        terminal.Say("  " + string.Join("   ", parts));
        SayFailures(terminal, report);
        if (report.IsTimedOut)
        {
            terminal.Say($"  stopped by --timeout after {Amounts.Of(report.Inputs, "input")}; what was done is written, the rest is not done");
        }
    }

    /// <summary>The exit code of a map that came to its end, or to that of its time.</summary>
    public static int ExitCode(LineMapReport report) =>
        report.IsTimedOut ? ExitCodes.LimitExceeded
        : report.Failed == 0 ? ExitCodes.Done
        : report.Ok == 0 ? ExitCodes.Failed
        : ExitCodes.Partial;

    /// <summary>The first failures, with what to do about them.</summary>
    public static void SayFailures(Terminal terminal, LineMapReport report)
    {
        foreach (var failure in report.First)
        {
            terminal.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"  input {failure.Index} {Visible.Cell(failure.Input)}: {failure.Code}: {Visible.Text(failure.Message.ReplaceLineEndings(" "), 300)}"));
        }

        if (report.Failed > report.First.Count)
        {
            terminal.Say($"  and {Amounts.Count(report.Failed - report.First.Count)} more");
        }
    }

    private static string Workers(LineMapRequest request, LineMapReport report) => request.Function.LibraryPath is null
        ? Amounts.Of(report.Workers, "worker")
        : Amounts.Of(report.Workers, "worker process", "worker processes");

    private static string Speed(LineMapReport report) =>
        report.Elapsed.TotalSeconds < 0.001 ? "" : $"   {Amounts.Count((long)(report.Inputs / report.Elapsed.TotalSeconds))} inputs/s";

    private static void Add(List<string> parts, long count, string what)
    {
        if (count > 0)
        {
            parts.Add($"{Amounts.Count(count)} {what}");
        }
    }
}

/// <summary>The list of functions.</summary>
internal static class FunctionListText
{
    /// <summary>One function after another: what it takes and gives, what it does, and an example.</summary>
    public static void Write(Terminal terminal, IReadOnlyList<MapFunctionInfo> functions)
    {
        var width = functions.Select(function => function.Name.Length).DefaultIfEmpty(0).Max();
        foreach (var function in functions)
        {
            terminal.Line($"{Visible.Path(function.Name).PadRight(width)}  {Visible.Path(function.Signature)}{(function.IsPure ? "   pure" : "")}");
            var indent = new string(' ', width + 2);
            if (function.About is { } about)
            {
                terminal.Line(indent + Visible.Text(about, Visible.MessageMax));
            }

            if (function.Example is { } example)
            {
                terminal.Line(indent + Visible.Text(example, Visible.MessageMax));
            }
        }

        if (functions.Count == 0)
        {
            terminal.Say("It has no map functions: put [MapFunction(\"name\")] above a static method.");
        }
    }
}
