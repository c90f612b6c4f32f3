using System.Diagnostics;
using System.Text.Json;
using OrleansClean.Cli.Output;
using OrleansClean.Execution.Coordination;
using Spectre.Console;

namespace OrleansClean.Cli.Clusters;

/// <summary>Where a batch on a cluster stands, as it was last heard, and how that is shown on standard error.</summary>
internal sealed class ClusterProgress(string id)
{
    private static readonly TimeSpan PlainEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan JsonEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BarEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>What was last heard; null before the first answer.</summary>
    public BatchOverview? Overview { get; set; }

    /// <summary>The share that is done.</summary>
    public double Share => Overview is { Items: > 0 } now ? (double)Done(now) / now.Items : 0;

    /// <summary>Waits for <paramref name="work"/> and shows meanwhile how far it is, in the way called <paramref name="kind"/>.</summary>
    public static async Task<T> ShowAsync<T>(Terminal terminal, string kind, string id, Func<ClusterProgress, Task<T>> work)
    {
        var progress = new ClusterProgress(id);
        return (kind, terminal.ErrorIsTerminal) switch
        {
            ("none", _) => await work(progress),
            ("json", _) => await TickAsync(JsonEvery, elapsed => terminal.Say(progress.Json(elapsed)), () => work(progress)),
            ("auto", true) => await BarAsync(terminal, progress, () => work(progress)),
            _ => await TickAsync(PlainEvery, _ => terminal.Say(progress.Line()), () => work(progress)),
        };
    }

    /// <summary><c>3 of 12 files   2 under way   1 failed</c>.</summary>
    public string Line()
    {
        if (Overview is not { Items: > 0 } now)
        {
            return "listing";
        }

        var parts = new List<string> { $"{Amounts.Count(Done(now))} of {Amounts.Of(now.Items, "file")}" };
        Add(now.Running, "under way");
        Add(now.Staged, "staged");
        Add(now.Unchanged, "unchanged");
        Add(now.Failed, "failed");
        return string.Join("   ", parts);

        void Add(int count, string what)
        {
            if (count > 0)
            {
                parts.Add($"{Amounts.Count(count)} {what}");
            }
        }
    }

    /// <summary>One line of <c>--progress json</c>.</summary>
    public string Json(TimeSpan elapsed) => JsonSerializer.Serialize(
        new ClusterProgressLine(
            id, Overview is null ? 0 : Done(Overview), Overview?.Items, Overview?.Failed ?? 0, Overview?.Running ?? 0, Overview?.Waiting ?? 0, Math.Round(elapsed.TotalSeconds, 1)),
        CliJson.Default.ClusterProgressLine);

    private static int Done(BatchOverview now) => now.Committed + now.Unchanged + now.Failed + now.Cancelled;

    private static async Task<T> TickAsync<T>(TimeSpan every, Action<TimeSpan> show, Func<Task<T>> work)
    {
        var watch = Stopwatch.StartNew();
        using var timer = new Timer(_ => show(watch.Elapsed), state: null, every, every);
        var result = await work();
        await timer.DisposeAsync();
        return result;
    }

    private static async Task<T> BarAsync<T>(Terminal terminal, ClusterProgress progress, Func<Task<T>> work) =>
        await terminal.Bars().Progress().AutoClear(true).HideCompleted(true)
            .Columns(new ProgressBarColumn { Width = 20 }, new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(async bar =>
            {
                var task = bar.AddTask("listing", maxValue: 1);
                return await TickAsync(
                    BarEvery,
                    _ =>
                    {
                        task.Description = Markup.Escape(progress.Line());
                        task.Value = progress.Share;
                    },
                    work);
            });
}

/// <summary>One line of <c>--progress json</c> for a batch on a cluster.</summary>
internal sealed record ClusterProgressLine(string Batch, int Files, int? FilesTotal, int Failed, int Running, int Waiting, double Seconds);
