using System.Diagnostics;
using System.Globalization;
using OrleansClean.Survival.Tests.Vocabulary;

namespace OrleansClean.Survival.Tests.Crashes;

/// <summary>Where a process is to end itself.</summary>
/// <param name="Number">The call, from 1; 0 for none.</param>
/// <param name="IsAfter">After it was carried out.</param>
internal sealed record Point(int Number, bool IsAfter)
{
    public override string ToString() => $"{(IsAfter ? "after" : "before")} call {Number.ToString(CultureInfo.InvariantCulture)}";
}

/// <summary>A process that cleaned a prepared batch.</summary>
/// <param name="ExitCode">137 if it was killed.</param>
/// <param name="LastLine">What it said last.</param>
internal sealed record KilledProcess(int ExitCode, string LastLine)
{
    private const int Killed = 128 + 9;

    /// <summary>True if it died where it should.</summary>
    public bool DiedAt(Point point) => ExitCode == Killed && LastLine.StartsWith(string.Create(CultureInfo.InvariantCulture, $"died at {point.Number} "), StringComparison.Ordinal);

    /// <summary>How many calls it made to its end; null if it did not come to it.</summary>
    public int? Calls => ExitCode == 0 && LastLine.Split(' ') is ["ended", "after", var calls, ..] ? int.Parse(calls, CultureInfo.InvariantCulture) : null;

    /// <summary>What it did there, for a message.</summary>
    public string Operation => LastLine.Split(' ') is [_, _, _, var operation, ..] ? operation : LastLine;

    public static async Task<KilledProcess> RunAsync(Story story, Point point, string connection, params string[] world)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        string[] words =
        [
            "exec", typeof(KilledProcess).Assembly.Location, story.Name, point.Number.ToString(CultureInfo.InvariantCulture), point.IsAfter ? "after" : "before", .. world,
        ];
        foreach (var word in words)
        {
            start.ArgumentList.Add(word);
        }

        start.Environment[Worlds.ConnectionVariable] = connection;
        start.Environment["DOTNET_TieredPGO"] = "0";
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        using var over = patience.Token.Register(() => process.Kill(entireProcessTree: true));
        var errors = process.StandardError.ReadToEndAsync();
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.False(patience.IsCancellationRequested, $"It did not end: {text}{await errors}");
        var last = text.TrimEnd().Split('\n')[^1];
        return new KilledProcess(process.ExitCode, last.Length > 0 ? last : await errors);
    }
}
