using System.Collections.Immutable;
using System.Globalization;

namespace OrleansClean.Batches.Tests;

/// <summary>Reads a scenario's input lines, such as <c>2s take w1.1 seq=1 free=2 held=0#1</c>.</summary>
internal static class ScenarioInput
{
    public static BatchInput Parse(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var at = new Moment((long)(Number(words[0].TrimEnd('s')) * 1000));
        string Word(int index) => words.Length > index + 2 ? words[index + 2] : "";
        string Option(string name, string otherwise) =>
            words.FirstOrDefault(word => word.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..] ?? otherwise;
        var input = Read();
        return input with { Round = (int)Number(Option("round", "0")) };

        BatchInput Read() => words[1] switch
        {
            "open" => new BatchInput.Open((long)Number(Word(0))) { At = at },
            "submit" => new BatchInput.Submit(Spec(Word(0), words, Option)) { At = at },
            "listed" => new BatchInput.ListingDone("listing-1", (int)Number(Word(0)))
            {
                At = at,
                Pieces = [.. Option("pieces", "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(count => (int)Number(count))],
            },
            "list-failed" => new BatchInput.ListingFailed(Failure("storage-error", Word(0))) { At = at },
            "take" => new BatchInput.Take(
                Worker(Word(0)),
                (long)Number(Option("seq", "1")),
                (int)Number(Option("free", "1")),
                [.. Option("held", "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Attempt)])
            {
                At = at,
            },
            "ready" => Report(new AttemptOutcome.Ready("staged-" + Word(0))),
            "unchanged" => Report(new AttemptOutcome.Unchanged("summary-" + Word(0))),
            "failed" => Report(new AttemptOutcome.Failed(Failure("storage-error", Word(1)))),
            "released" => Report(new AttemptOutcome.Released()),
            "published" => Resolved(new CommitOutcome.Published("summary-" + Word(0))),
            "conflict" => Resolved(new CommitOutcome.Conflict("Another writer's object stands there.")),
            "stage-lost" => Resolved(new CommitOutcome.StageLost()),
            "refused" => Resolved(new CommitOutcome.Refused(Failure("storage-error", "final"))),
            "unknown" => Resolved(new CommitOutcome.Unknown()),
            "gate" => new BatchInput.GateDecided(Word(0) == "open", "Too many rejected rows.")
            {
                At = at,
                Refused = [.. Option("refused", "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(item => new RefusedItem((int)Number(item), Failure("missing-label", "final")))],
            },
            "joined" => new BatchInput.Joined("all-in-one") { At = at },
            "continue" => new BatchInput.Continue(Word(0).Length == 0 ? null : Spec(Word(0), words, Option)) { At = at },
            "swept" => new BatchInput.Swept { At = at },
            "manifest" => new BatchInput.ManifestWritten { At = at },
            "report" => new BatchInput.ReportWritten { At = at },
            "finish-failed" => new BatchInput.FinishFailed(Failure("storage-error", "transient")) { At = at },
            "cancel" => new BatchInput.Cancel { At = at },
            "retry" => new BatchInput.RetryFailed { At = at },
            "tick" => new BatchInput.Tick { At = at },
            _ => throw new FormatException($"No input is called '{words[1]}': {line}"),
        };

        BatchInput Report(AttemptOutcome outcome) => new BatchInput.Report(Attempt(Word(0)), outcome) { At = at };
        BatchInput Resolved(CommitOutcome outcome) => new BatchInput.CommitResolved(Attempt(Word(0)), outcome) { At = at };
    }

    private static BatchSpec Spec(string body, string[] words, Func<string, string, string> option) => new()
    {
        Id = "b",
        BodyHash = body,
        BodyDocument = "body-" + body,
        HasGate = words.Contains("gate") || words.Contains("join"),
        HasJoin = words.Contains("join"),
        RetriesMax = (int)Number(option("retries", "3")),
        LossesMax = (int)Number(option("losses", "10")),
        ItemTimeout = option("item-timeout", "") is { Length: > 0 } item ? TimeSpan.FromSeconds(Number(item)) : null,
        BatchTimeout = option("timeout", "") is { Length: > 0 } batch ? TimeSpan.FromSeconds(Number(batch)) : null,
    };

    private static Failure Failure(string code, string kind) => new(code, "It did not work.", kind == "transient");

    private static WorkerId Worker(string text)
    {
        var dot = text.LastIndexOf('.');
        return new WorkerId(text[..dot], (long)Number(text[(dot + 1)..]));
    }

    private static AttemptId Attempt(string text)
    {
        var parts = text.Split('#');
        return new AttemptId((int)Number(parts[0]), (int)Number(parts[1]));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
