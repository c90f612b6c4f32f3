using OrleansClean.Cli.Clusters;
using OrleansClean.Cli.Output;
using OrleansClean.Cli.Usage;

namespace OrleansClean.Cli.Commands;

/// <summary>Every command there is, in the order in which help lists them.</summary>
internal static class Catalogue
{
    /// <summary>The commands, writing to <paramref name="terminal"/>, and reaching clusters if there is a <paramref name="door"/> to them.</summary>
    public static Card[] Commands(Terminal terminal, IClusterDoor? door = null) =>
    [
        new RunCommand(terminal, door),
        new PreviewCommand(terminal),
        new WhyCommand(terminal),
        new InspectCommand(terminal),
        new DemoCommand(terminal, door),
        new BenchCommand(terminal),
        new MapCommand(terminal, door),
        new ArrayCommand(terminal, door),
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
            "Look at batches, and go on with those that were left.",
            new BatchListCommand(terminal, door),
            new BatchShowCommand(terminal, door),
            new BatchWaitCommand(terminal, door),
            new BatchCancelCommand(terminal, door),
            new BatchRetryCommand(terminal, door),
            new BatchResumeCommand(terminal, door),
            new BatchPruneCommand(terminal)),
        new VersionCommand(terminal),
    ];
}
