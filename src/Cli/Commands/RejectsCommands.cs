using System.CommandLine;
using System.Text.Json;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Cli.Output;
using OrleansClean.Cli.Rejecting;
using OrleansClean.Cli.Usage;
using OrleansClean.Execution;
using OrleansClean.Execution.Rejects;

namespace OrleansClean.Cli.Commands;

/// <summary>Which rejected rows: the options that <c>rejects show</c> and <c>rejects export</c> share.</summary>
internal sealed class RejectChoice
{
    private readonly BatchAsked _batch = new();
    private readonly Option<string?> _file = new("--file") { Description = "Only those of this input, as the ledger names it.", HelpName = "FILE" };
    private readonly Option<string?> _code = new("--code") { Description = "Only those with this code, such as type-error.", HelpName = "CODE" };

    public void AddTo(Command command)
    {
        _batch.AddTo(command);
        command.Add(_file);
        command.Add(_code);
    }

    private RejectStore Store(ParseResult parsed) => new(_batch.State(parsed), _batch.Id(parsed));

    public IEnumerable<RejectRecord> Records(ParseResult parsed)
    {
        var file = parsed.GetValue(_file);
        var inputs = file is null ? null : _batch.State(parsed).ReadOrigin(_batch.Id(parsed)).Inputs;
        return inputs is null || inputs.ContainsKey(file!)
            ? Store(parsed).Read(file, parsed.GetValue(_code))
            : throw new UsageException($"The batch has no input '{file}'. {Nearest.Hint(file!, inputs.Keys) ?? "'orleansclean rejects list' names those with rejects."}");
    }
}

/// <summary><c>rejects show</c>: rejected rows, one line each.</summary>
internal sealed class RejectsShowCommand : Card
{
    private const int LinesDefault = 50;

    public RejectsShowCommand(Terminal terminal)
        : base("show", "Show rejected rows: where, what was found, what was expected.")
    {
        Examples =
        [
            new("orleansclean rejects show", $"the first {LinesDefault} of the latest batch"),
            new("orleansclean rejects show --code type-error --limit 500", "those with one code"),
            new("orleansclean rejects show -o json", "the first ones as one JSON document, with how many there are"),
            new("orleansclean rejects show -o jsonl", "all of them, one JSON object per line, with their raw text"),
        ];
        var choice = new RejectChoice();
        var limit = CommonOptions.Count("--limit", [], $"Rows to show as text or json. Default: {LinesDefault}.", int.MaxValue);
        var output = CommonOptions.Output("text", "json", "jsonl");
        choice.AddTo(this);
        Add(limit);
        Add(output);
        SetAction(parsed =>
        {
            var records = choice.Records(parsed);
            var shownMax = parsed.GetValue(limit) ?? LinesDefault;
            switch (parsed.GetValue(output))
            {
                case "jsonl":
                    RejectText.WriteJsonLines(terminal.Out, records);
                    break;
                case "json":
                    RejectText.WriteJson(terminal.Out, records, shownMax);
                    break;
                default:
                    RejectText.Write(terminal, records, shownMax);
                    break;
            }

            return ExitCodes.Done;
        });
    }
}

/// <summary><c>rejects list</c>: files with rejected rows.</summary>
internal sealed class RejectsListCommand : Card
{
    public RejectsListCommand(Terminal terminal)
        : base("list", "List the files that have rejected rows, with their codes and where the rows lie, ready to be mended.")
    {
        Examples = [new("orleansclean rejects list", "of the latest batch"), new("orleansclean rejects list -o jsonl", "as JSON, one line per file")];
        var batch = new BatchAsked();
        var output = CommonOptions.Output("text", "jsonl");
        batch.AddTo(this);
        Add(output);
        SetAction(parsed =>
        {
            var files = new RejectStore(batch.State(parsed), batch.Id(parsed)).Files();
            if (parsed.GetValue(output) is "jsonl")
            {
                foreach (var file in files)
                {
                    terminal.Line(JsonSerializer.Serialize(file, CliJson.Default.FileRejects));
                }
            }
            else
            {
                RejectText.WriteFiles(terminal, [.. files]);
            }

            return ExitCodes.Done;
        });
    }
}

/// <summary><c>rejects export</c>: rejected rows as one table for other programs.</summary>
internal sealed class RejectsExportCommand : Card
{
    public RejectsExportCommand(Terminal terminal)
        : base("export", "Write all rejected rows as one table: file, line, column, code, step, expected, value, message, raw, raw_base64.")
    {
        Examples =
        [
            new("orleansclean rejects export --to rejects.csv", "for a spreadsheet"),
            new("orleansclean rejects export -o jsonl", "for other programs, on standard output"),
        ];
        var choice = new RejectChoice();
        var to = new Option<string?>("--to") { Description = "The file to write; it must not exist. Default: standard output.", HelpName = "FILE" };
        var output = CommonOptions.Output("csv", "jsonl");
        choice.AddTo(this);
        Add(to);
        Add(output);
        SetAction(parsed =>
        {
            var records = choice.Records(parsed);
            var path = parsed.GetValue(to);
            var rows = path is null ? Write(terminal.Out) : ToFile(path, Write);
            terminal.Say(path is null ? Amounts.Of(rows, "row") : $"{Amounts.Of(rows, "row")} -> {Visible.Path(path)}");
            return ExitCodes.Done;

            long Write(TextWriter writer) => parsed.GetValue(output) is "jsonl"
                ? RejectText.WriteJsonLines(writer, records)
                : RejectText.WriteCsv(writer, records);
        });
    }

    private static long ToFile(string path, Func<TextWriter, long> write)
    {
        if (File.Exists(path))
        {
            throw new UsageException($"'{path}' exists. Name another file, or remove this one first.");
        }

        using var file = new StreamWriter(path);
        return write(file);
    }
}
