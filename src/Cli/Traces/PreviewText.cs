using OrleansClean.Cleaning.Ledgers;
using OrleansClean.Cli.Output;
using Spectre.Console;

namespace OrleansClean.Cli.Traces;

/// <summary>The first rows before and after a plan, side by side, and every cell that differs with the step that did it.</summary>
internal static class PreviewText
{
    /// <summary>Columns of a table; those that the plan changes come before those that it leaves alone.</summary>
    public const int ColumnsMax = 8;

    /// <summary>Changed cells that are listed.</summary>
    public const int ChangesMax = 40;

    private const int CellMax = 28;

    /// <summary>Writes the preview of <paramref name="trace"/>.</summary>
    public static void Write(Terminal terminal, TraceReport trace, string file)
    {
        terminal.Line($"{Visible.Path(file)}   {DialectText.Of(trace.Dialect)}");
        if (trace.Rows.IsEmpty)
        {
            terminal.Line(trace.Header.IsEmpty
                ? "\n  The file is empty: it has neither a header nor a record. 'orleansclean run' makes an empty file of it."
                : "\n  The file has a header and no record.");
            return;
        }

        terminal.Line("\nbefore");
        WriteTable(terminal, trace.Header, trace, row => row.Before, row => row.ReadProblem?.Code ?? "");
        terminal.Line("after");
        WriteTable(terminal, trace.Columns, trace, row => row.After, Fate);
        WriteChanges(terminal, trace);
    }

    private static void WriteTable(
        Terminal terminal,
        IReadOnlyList<string> columns,
        TraceReport trace,
        Func<RowTrace, IReadOnlyList<CellText>> cells,
        Func<RowTrace, string> fate)
    {
        var changed = trace.Rows.SelectMany(row => row.Steps).SelectMany(step => step.Changes)
            .Select(change => change.Column).ToHashSet(StringComparer.Ordinal);
        var shown = Enumerable.Range(0, columns.Count)
            .OrderBy(i => columns.Count > ColumnsMax && !changed.Contains(columns[i]))
            .ThenBy(i => i).Take(ColumnsMax).Order().ToList();
        var table = new Table().Border(TableBorder.Ascii2).AddColumn(new TableColumn(new Text("line")).RightAligned());
        foreach (var index in shown)
        {
            table.AddColumn(new TableColumn(new Text(Visible.Text(columns[index], CellMax))));
        }

        table.AddColumn(new TableColumn(new Text("")).NoWrap());
        foreach (var row in trace.Rows)
        {
            var texts = cells(row);
            var line = new List<Text> { new(Amounts.Count(row.Line)) };
            line.AddRange(shown.Select(index => new Text(index < texts.Count ? Visible.Text(texts[index].Text, CellMax) : "")));
            line.Add(new Text(fate(row)));
            table.AddRow(line);
        }

        terminal.Write(table);
        if (columns.Count > shown.Count)
        {
            terminal.Line($"and {Amounts.Of(columns.Count - shown.Count, "more column")}");
        }

        terminal.Line();
    }

    private static string Fate(RowTrace row)
    {
        if (row.ReadProblem is { } problem)
        {
            return $"rejected: {problem.Code}";
        }

        return row.Outcome is "written" || row.Steps.IsEmpty ? "" : Removal(row.Steps[^1]);
    }

    private static string Removal(StepTrace step)
    {
        if (step.Problem is { } problem)
        {
            return $"rejected by {Visible.Text(step.Id, CellMax)}: {problem.Code}";
        }

        // A filter says why: "dropped: null".
        var words = step.Result.Split(": ");
        return $"{words[0]} by {Visible.Text(step.Id, CellMax)}{(words.Length > 1 ? $": {words[1]}" : "")}";
    }

    private static void WriteChanges(Terminal terminal, TraceReport trace)
    {
        var changes = trace.Rows
            .SelectMany(row => row.Steps.SelectMany(step => step.Changes.Select(change => (row.Line, Step: step.Id, Change: change))))
            .ToList();
        if (changes.Count == 0)
        {
            terminal.Line("No cell of these rows changes.");
            return;
        }

        terminal.Line($"{Amounts.Of(changes.Count, "cell")} changed");
        var table = new Table().Border(TableBorder.None).HideHeaders();
        table.AddColumn(new TableColumn("").RightAligned()).AddColumn("").AddColumn("").AddColumn("").AddColumn("");
        foreach (var (line, step, change) in changes.Take(ChangesMax))
        {
            var before = change.Before is null ? "new" : Visible.Text(change.Before, CellMax);
            table.AddRow(
                new Text($"  {Amounts.Count(line)}"),
                new Text(Visible.Text(step, 40)),
                new Text(Visible.Text(change.Column, 40)),
                new Text(change.Before is null ? before : $"\"{before}\""),
                new Text($"-> \"{Visible.Text(change.After, CellMax)}\""));
        }

        terminal.Write(table);
        if (changes.Count > ChangesMax)
        {
            terminal.Line($"and {Amounts.Count(changes.Count - ChangesMax)} more");
        }
    }
}
