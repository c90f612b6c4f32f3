using System.Text.Json;
using OrleansClean.Cli.Output;
using Spectre.Console;

namespace OrleansClean.Cli.Progress;

/// <summary>Where something stands, as it is shown.</summary>
internal interface IShownProgress
{
    /// <summary>The share that is done, from 0 to 1; 0 if nobody knows.</summary>
    double Share { get; }

    /// <summary>A line of text.</summary>
    string Line(TimeSpan elapsed);

    /// <summary>A line of JSON.</summary>
    string Json(TimeSpan elapsed);
}

/// <summary>Shows where a batch stands while it runs, on standard error.</summary>
internal static class ProgressDisplay
{
    private static readonly TimeSpan PlainEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan JsonEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BarEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs <paramref name="work"/> and shows <paramref name="counts"/> in the way called <paramref name="kind"/>.</summary>
    public static async Task<T> ShowAsync<T>(Terminal terminal, string kind, IShownProgress counts, Func<Task<T>> work) =>
        (kind, terminal.ErrorIsTerminal) switch
        {
            ("none", _) => await work(),
            ("json", _) => await TickAsync(JsonEvery, elapsed => terminal.Say(counts.Json(elapsed)), work),
            ("auto", true) => await BarAsync(terminal, counts, work),
            _ => await TickAsync(PlainEvery, elapsed => terminal.Say(counts.Line(elapsed)), work),
        };

    /// <summary>One line of <c>--progress json</c>.</summary>
    public static string Json(ProgressCounts counts, TimeSpan elapsed) => JsonSerializer.Serialize(
        new ProgressLine(
            counts.Listing?.BatchId,
            counts.FilesDone,
            counts.Listing?.Files,
            counts.FilesFailed,
            counts.Retries,
            counts.Bytes,
            counts.Listing?.Bytes,
            counts.Rows,
            counts.Rejects,
            Math.Round(elapsed.TotalSeconds, 1),
            counts.Left(elapsed) is { } left ? Math.Round(left.TotalSeconds, 1) : null),
        CliJson.Default.ProgressLine);

    private static async Task<T> TickAsync<T>(TimeSpan every, Action<TimeSpan> show, Func<Task<T>> work)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        using var timer = new Timer(_ => show(watch.Elapsed), state: null, every, every);
        var result = await work();
        await timer.DisposeAsync();
        return result;
    }

    private static async Task<T> BarAsync<T>(Terminal terminal, IShownProgress counts, Func<Task<T>> work) =>
        await terminal.Bars().Progress().AutoClear(true).HideCompleted(true)
            .Columns(new ProgressBarColumn { Width = 20 }, new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(async bar =>
            {
                var task = bar.AddTask(Markup.Escape(counts.Line(TimeSpan.Zero)), maxValue: 1);
                return await TickAsync(
                    BarEvery,
                    elapsed =>
                    {
                        task.Description = Markup.Escape(counts.Line(elapsed));
                        task.Value = counts.Share;
                    },
                    work);
            });
}

/// <summary>One line of <c>--progress json</c>.</summary>
internal sealed record ProgressLine(
    string? Batch,
    int Files,
    int? FilesTotal,
    int Failed,
    int Retries,
    long Bytes,
    long? BytesTotal,
    long Rows,
    long Rejects,
    double Seconds,
    double? SecondsLeft);
