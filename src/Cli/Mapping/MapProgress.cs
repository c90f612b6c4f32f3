using System.Text.Json;
using OrleansClean.Cli.Output;
using OrleansClean.Cli.Progress;
using OrleansClean.Execution.Mapping;

namespace OrleansClean.Cli.Mapping;

/// <summary>Where a map stands. <paramref name="bytes"/> is the size of its inputs, where it is known.</summary>
internal sealed class MapProgress(long? bytes) : IShownProgress
{
    private readonly Lock _lock = new();
    private LineMapProgress _now;
    private long _read;

    /// <inheritdoc />
    public double Share => bytes is > 0 and var all ? Math.Clamp((double)Interlocked.Read(ref _read) / all, 0, 1) : 0;

    /// <summary>So much of the inputs was read.</summary>
    public void Read(int count) => Interlocked.Add(ref _read, count);

    /// <summary>Takes in what was delivered.</summary>
    public void Advance(LineMapProgress now)
    {
        lock (_lock)
        {
            _now = now;
        }
    }

    /// <inheritdoc />
    public string Line(TimeSpan elapsed)
    {
        var now = Now();
        return $"{Amounts.Of(now.Done, "input")}{(now.Failed > 0 ? $"   {Amounts.Count(now.Failed)} failed" : "")}{(Share > 0 ? $"   {Amounts.Percent(Share)} read" : "")}";
    }

    /// <inheritdoc />
    public string Json(TimeSpan elapsed)
    {
        var now = Now();
        return JsonSerializer.Serialize(new MapProgressLine(now.Done, now.Failed, Math.Round(elapsed.TotalSeconds, 1)), CliJson.Default.MapProgressLine);
    }

    private LineMapProgress Now()
    {
        lock (_lock)
        {
            return _now;
        }
    }
}

/// <summary>One line of <c>--progress json</c> of a map.</summary>
internal sealed record MapProgressLine(long Inputs, long Failed, double Seconds);
