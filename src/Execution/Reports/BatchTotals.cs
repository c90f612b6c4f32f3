using System.Collections.Immutable;

namespace OrleansClean.Execution.Reports;

/// <summary>Adds files up to a batch. Files come in the order of names, so that samples are the same every time.</summary>
internal sealed class BatchTotals
{
    /// <summary>Decisions of one step that a report tells.</summary>
    public const int DecisionsMax = 100;

    /// <summary>Samples of one expectation that a report tells.</summary>
    public const int SamplesMax = 5;

    private readonly SortedDictionary<string, long> _codes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, StepSummary> _steps = [];
    private readonly List<ExpectationSummary> _expectations = [];
    private int _cleaned;
    private int _unchanged;
    private int _failed;
    private int _cancelled;
    private FileRows _rows = new(0, 0, 0, 0);
    private long _rowsUnchanged;
    private LineTotals _lines = new(0, 0);
    private long _cellsChanged;
    private ByteTotals _bytes = new(0, 0);

    /// <summary>The ledger.</summary>
    public BatchLedger Ledger => new(
        new FileCounts(_cleaned + _unchanged + _failed + _cancelled, _cleaned, _unchanged, _failed, _cancelled),
        new RowTotals(_rows.In, _rows.Out, _rows.Dropped, _rows.Rejected, _rows.In == _rows.Out + _rows.Dropped + _rows.Rejected)
        {
            InUnchanged = _rowsUnchanged,
        },
        _lines,
        new CellTotals(_cellsChanged),
        _bytes);

    /// <summary>The steps, in order.</summary>
    public ImmutableArray<StepSummary> Steps => [.. _steps.Values];

    /// <summary>The expectations of rows, in order.</summary>
    public ImmutableArray<ExpectationSummary> Expectations => [.. _expectations];

    /// <summary>Rejected rows by code.</summary>
    public ImmutableSortedDictionary<string, long> Codes => _codes.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Adds a file. A failed or cancelled one counts as a file only.</summary>
    public void Add(FileSummary file)
    {
        switch (file.Status)
        {
            case FileStatus.Cleaned:
                _cleaned++;
                break;
            case FileStatus.Unchanged:
                _unchanged++;
                _rowsUnchanged += file.Rows?.In ?? 0;
                break;
            case FileStatus.Failed:
                _failed++;
                return;
            default:
                _cancelled++;
                return;
        }

        var rows = file.Rows!;
        _rows = new FileRows(_rows.In + rows.In, _rows.Out + rows.Out, _rows.Dropped + rows.Dropped, _rows.Rejected + rows.Rejected);
        _bytes = new ByteTotals(_bytes.In + file.InputBytes, _bytes.Out + (file.Output?.Bytes ?? 0));
        foreach (var (code, count) in file.Codes ?? ImmutableSortedDictionary<string, long>.Empty)
        {
            _codes[code] = _codes.GetValueOrDefault(code) + count;
        }

        if (file.Detail is { } detail)
        {
            Add(detail);
        }
    }

    /// <summary>Replaces the bytes written: a combined output is one for all files.</summary>
    public void SetBytesOut(long bytes) => _bytes = _bytes with { Out = bytes };

    private void Add(FileDetail detail)
    {
        _lines = new LineTotals(_lines.Preamble + detail.Lines.Preamble, _lines.Blank + detail.Lines.Blank);
        _cellsChanged += detail.CellsChanged;
        foreach (var step in detail.Steps)
        {
            _steps[step.Index] = _steps.TryGetValue(step.Index, out var sum) ? Add(sum, step) : step;
        }

        for (var i = 0; i < detail.Expectations.Length; i++)
        {
            if (i == _expectations.Count)
            {
                _expectations.Add(detail.Expectations[i]);
            }
            else
            {
                _expectations[i] = Add(_expectations[i], detail.Expectations[i]);
            }
        }
    }

    private static StepSummary Add(StepSummary sum, StepSummary step) => sum with
    {
        In = sum.In + step.In,
        Out = sum.Out + step.Out,
        Dropped = sum.Dropped + step.Dropped,
        DroppedNull = sum.DroppedNull + step.DroppedNull,
        DroppedFalse = sum.DroppedFalse + step.DroppedFalse,
        Rejected = sum.Rejected + step.Rejected,
        CellsChanged = sum.CellsChanged + step.CellsChanged,
        Codes = Add(sum.Codes, step.Codes),
        Decisions = Join(sum.Decisions, step.Decisions, DecisionsMax),
    };

    private static ExpectationSummary Add(ExpectationSummary sum, ExpectationSummary check) => sum with
    {
        Ok = sum.Ok && check.Ok,
        Evaluated = sum.Evaluated + check.Evaluated,
        Unexpected = sum.Unexpected + check.Unexpected,
        Action = sum.Action ?? check.Action,
        Samples = Join(sum.Samples, check.Samples, SamplesMax),
    };

    private static ImmutableSortedDictionary<string, long>? Add(ImmutableSortedDictionary<string, long>? a, ImmutableSortedDictionary<string, long>? b)
    {
        if (a is null || b is null)
        {
            return a ?? b;
        }

        var sum = a.WithComparers(StringComparer.Ordinal).ToBuilder();
        foreach (var (code, rows) in b)
        {
            sum[code] = sum.GetValueOrDefault(code) + rows;
        }

        return sum.ToImmutable();
    }

    private static ImmutableArray<T>? Join<T>(ImmutableArray<T>? a, ImmutableArray<T>? b, int max) =>
        a is null || b is null ? a ?? b : a.Value.Length >= max ? a : [.. a.Value.Concat(b.Value).Take(max)];
}
