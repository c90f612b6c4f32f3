using OrleansClean.Cli.Output;
using OrleansClean.Cli.Usage;

namespace OrleansClean.Cli.Commands;

/// <summary>Every command there is, in the order in which help lists them.</summary>
internal static class Catalogue
{
    /// <summary>The commands, writing to <paramref name="terminal"/>.</summary>
    public static Card[] Commands(Terminal terminal) =>
    [
        new RunCommand(terminal),
        new PreviewCommand(terminal),
        new WhyCommand(terminal),
        new InspectCommand(terminal),
        new DemoCommand(terminal),
        new BenchCommand(terminal),
        new ArrayCommand(terminal),
        new Group(
            "plan",
            "Begin, check, test and explain plans.",
            new PlanNewCommand(terminal),
            new PlanCheckCommand(terminal),
            new PlanTestCommand(terminal),
            new PlanExplainCommand(terminal),
            new PlanSchemaCommand(terminal)),
        new Group(
            "rejects",
            "Look at the rows that were rejected.",
            new RejectsShowCommand(terminal),
            new RejectsListCommand(terminal),
            new RejectsExportCommand(terminal)),
        new Group(
            "report",
            "Look at what a batch left, and check it.",
            new ReportShowCommand(terminal),
            new ReportVerifyCommand(terminal)),
        new Group(
            "batch",
            "Look at batches, and go on with those that have a journal.",
            new BatchListCommand(terminal),
            new BatchShowCommand(terminal),
            new BatchWaitCommand(terminal),
            new BatchCancelCommand(terminal),
            new BatchRetryCommand(terminal),
            new BatchResumeCommand(terminal),
            new BatchPruneCommand(terminal)),
        new VersionCommand(terminal),
    ];
}
