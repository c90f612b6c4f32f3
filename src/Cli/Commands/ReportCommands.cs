using System.Text.Json;
using OrleansClean.Cli.Ledgers;
using OrleansClean.Cli.Output;
using OrleansClean.Cli.Usage;
using OrleansClean.Execution;
using OrleansClean.Execution.Verification;

namespace OrleansClean.Cli.Commands;

/// <summary><c>report show</c>: the ledger of a batch that ran before.</summary>
internal sealed class ReportShowCommand : Card
{
    public ReportShowCommand(Terminal terminal)
        : base("show", "Show the ledger of a batch again.")
    {
        Examples =
        [
            new("orleansclean report show", "the latest batch"),
            new("orleansclean report show -o jsonl", "every file's outcome, one JSON object per line"),
        ];
        var batch = new BatchAsked();
        var output = CommonOptions.Output("text", "json", "jsonl");
        batch.AddTo(this);
        Add(output);
        SetAction(parsed =>
        {
            var state = batch.State(parsed);
            var id = batch.Id(parsed) ?? state.LatestId();
            var form = parsed.GetValue(output)!;
            if (form is "text" && state.ReadReport(id) is { } report)
            {
                var root = BatchAsked.Shown(state.OutputRoot);
                terminal.Out.Write(LedgerText.Of(report, new LedgerOptions { OutputRoot = root, AllSteps = true, Where = BatchAsked.Words(root) }));
                return ExitCodes.Done;
            }

            if (form is not "text" && ReportPrinting.TryPrint(terminal, state, id, form))
            {
                return ExitCodes.Done;
            }

            terminal.Say($"orleansclean: batch {Visible.Path(id)} did not come to its end and has no report. The command that started it continues it.");
            return ExitCodes.Failed;
        });
    }
}

/// <summary><c>report verify</c>: counts everything again, with a reader that shares no code with the engine.</summary>
internal sealed class ReportVerifyCommand : Card
{
    public ReportVerifyCommand(Terminal terminal)
        : base("verify", "Hash and count every output and reject of a batch again, with a second reader, and compare with its report.")
    {
        Examples = [new("orleansclean report verify", "the latest batch"), new("orleansclean report verify -o json", "as JSON")];
        Remarks = "Exit codes: 0 everything agrees; 1 something differs.";
        var batch = new BatchAsked();
        var output = CommonOptions.Output("text", "json");
        batch.AddTo(this);
        Add(output);
        SetAction(async (parsed, cancellationToken) =>
        {
            var state = batch.State(parsed);
            var report = await ReportVerifier.VerifyAsync(state, batch.Id(parsed), cancellationToken);
            if (parsed.GetValue(output) is "json")
            {
                terminal.Line(JsonSerializer.Serialize(report, CliJson.Default.VerifyReport));
            }
            else
            {
                VerifyText.Write(terminal, report, BatchAsked.Shown(state.OutputRoot));
            }

            return report.Ok ? ExitCodes.Done : ExitCodes.Failed;
        });
    }
}
