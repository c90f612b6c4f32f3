using System.Runtime.ExceptionServices;
using OrleansClean.Cleaning.Csv;
using OrleansClean.Cleaning.Ledgers;
using OrleansClean.Cleaning.Ranges;
using OrleansClean.Cleaning.Reading;
using OrleansClean.Cleaning.Writing;

namespace OrleansClean.Cleaning;

/// <summary>
/// One large file, cleaned in ranges side by side; what is made of it is what <see cref="FileCleaner.Clean"/> makes. It has no
/// threads of its own: the caller brings them, and keeps the order that each method asks for.
/// <code>
/// while (file.BeginPass())
///     for each range, each step in order of ranges unless said otherwise
///         Read → Frame (any order) → Settle → Clean (any order) → Commit
///     after a Commit that gives false: HandOver, with all ranges that were read behind it
/// file.Finish()
/// </code>
/// Read, Settle and Commit are each called for one range at a time; otherwise all of them may run beside each other. HandOver runs alone.
/// </summary>
public sealed class RangedFile : IDisposable
{
    /// <summary>Ranges between two checkpoints, or as many bytes of one reader: 128 MiB of input, which a killed process must do again.</summary>
    public const int RangesPerCheckpoint = 256;

    private readonly FileCleaning _job;
    private readonly CancellationToken _cancellationToken;
    private readonly ReaderTuning _tuning;
    private readonly InputFile _input;
    private readonly RowWork _work;
    private readonly PassProgress _progress;
    private readonly RecordChain _chain;
    private readonly FileSurvey? _survey;

    private RestStream? _rest;
    private WritingSink? _sink;
    private OneReader? _oneReader;
    private int _barrier = -1;
    private bool _isMeasuring;
    private bool _isAfterLineEnd;
    private bool _holdsReturn;
    private long _ranges;
    private long _bytesBefore;
    private long _savedAt;
    private PassTotals _totals;

    private RangedFile(FileCleaning job, FileSurvey? survey, CancellationToken cancellationToken)
    {
        _job = job;
        _survey = survey;
        _cancellationToken = cancellationToken;
        _tuning = job.Tuning ?? ReaderTuning.Current;
        _input = InputFile.Open(() => new WatchedStream(job.OpenInput(), cancellationToken), job.Plan.Read, job.Limits);
        _work = new RowWork(job, _input);
        _progress = new PassProgress(job.Progress, 1 + _work.Steps.Count(step => step.IsBarrier));
        _chain = new RecordChain(_input.SkipsBlankLines, job.Limits.RecordBytesMax);
        Obstacle = _input.Dialect.IsSimple
            ? _work.Steps.Select(step => step.WhyInOrder).FirstOrDefault(why => why is not null)
            : "a dialect of other delimiters, quotes, escapes or comments is read by one reader";
        if (survey is not null)
        {
            // Pieces are opened at a byte, and what a barrier settles is not known before all rows were seen.
            Obstacle ??= _input.Dialect is not { Encoding: "utf-8", Compression: null } ? "only uncompressed UTF-8 can be opened in the middle"
                : HasBarrier ? "a step looks at all rows before it decides the first one"
                : null;
        }
    }

    /// <summary>Why the file cannot be cut into ranges, for people; null if it can.</summary>
    public string? Obstacle { get; }

    /// <summary>The file must be read from its beginning more than once.</summary>
    public bool HasBarrier => _work.Steps.Any(step => step.IsBarrier);

    /// <summary>Bytes of an input from which on cutting it into ranges is worth the while; tests force 0.</summary>
    public static long InputBytesMin => ReaderTuning.Current.RangedInputBytesMin;

    /// <summary>Opens the input and compiles the plan against its header. Throws as <see cref="FileCleaner.Clean"/> does.</summary>
    public static RangedFile Open(FileCleaning job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        return new RangedFile(job, survey: null, cancellationToken);
    }

    /// <summary>
    /// Opens the input to find where its pieces begin: one pass that cleans nothing and fills <paramref name="survey"/>. Not for a file with an
    /// <see cref="Obstacle"/>.
    /// </summary>
    public static RangedFile Survey(FileCleaning job, FileSurvey survey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(survey);
        return new RangedFile(job, survey, cancellationToken);
    }

    /// <summary>
    /// Memory for one range; as many are in work at once as there are. <paramref name="waitForTurn"/> is called from <see cref="Clean"/>
    /// when the range makes more than it can hold back: it returns when all ranges before it are committed, and until this one is, no
    /// other may be.
    /// </summary>
    public FileRange CreateRange(Action<FileRange> waitForTurn)
    {
        FileRange? range = null;
        var work = new RowWork(_job, _input);
        var reader = CsvReader.OfStretches((byte)_input.Dialect.Delimiter[0], _input.SkipsBlankLines, _job.Limits, _tuning);
        range = new FileRange(work, reader, _tuning.RangeBytes, () =>
            new WritingSink(_job, _input, work.Program, _sink!.TargetsOfRange(() => waitForTurn(range!), _tuning.HoldBytes)));
        return range;
    }

    /// <summary>Begins the next pass over the file; false if all passes are done.</summary>
    public bool BeginPass()
    {
        if (_progress.Passes > 0)
        {
            EndPass();
            if (!_isMeasuring || _survey is not null)
            {
                _survey?.Finish(_totals, Reading);
                return false;
            }
        }

        if (_survey is null && (!_isMeasuring || !_work.EndPass(_barrier)))
        {
            _barrier = NextBarrier(_barrier + 1);
        }

        _isMeasuring = _survey is not null || _barrier < _work.Steps.Count;
        _progress.BeginPass();
        _work.BeginPass();
        _rest?.Dispose();
        _rest = new RestStream(_input.OpenRecords());
        _oneReader = new OneReader(_job, _input, _tuning, _rest);
        _totals = new PassTotals { Reached = _input.FirstRecord };
        _ranges = 0;
        _savedAt = 0;
        _survey?.Begin(_totals);
        if (!_isMeasuring)
        {
            BeginWriting(_job.Checkpoints?.Find());
        }

        BeginBlocks(_totals.Reached);
        return true;
    }

    /// <summary>Reads the next block. <see cref="FileRange.IsLast"/> says whether it is the last.</summary>
    public void Read(FileRange range)
    {
        ArgumentNullException.ThrowIfNull(range);
        range.BlockStart = FileRange.CarryBytes;
        range.BlockEnd = range.BlockStart;
        range.ReadFailure = null;
        range.IsLast = false;
        range.IsAfterLineEnd = _isAfterLineEnd;
        var end = range.BlockStart + _tuning.RangeBytes;
        if (_holdsReturn)
        {
            range.Buffer[range.BlockEnd++] = (byte)'\r';
            _holdsReturn = false;
        }

        try
        {
            do
            {
                var got = _rest!.Read(range.Buffer.AsSpan(range.BlockEnd, end - range.BlockEnd));
                range.IsLast = got == 0;
                range.BlockEnd += got;
            }
            while (!range.IsLast && range.BlockEnd < end && MoreIsReady);
        }
#pragma warning disable CA1031 // It is thrown when the range's turn has come: what was read before is cleaned first.
        catch (Exception failure) when (failure is not OutOfMemoryException)
#pragma warning restore CA1031
        {
            range.ReadFailure = failure;
            range.IsLast = true;
        }

        // A line end is not cut in two: a CR waits for the byte behind it.
        if (!range.IsLast && range.Buffer[range.BlockEnd - 1] == '\r')
        {
            range.BlockEnd--;
            _holdsReturn = true;
        }

        if (range.BlockEnd > range.BlockStart)
        {
            _isAfterLineEnd = range.Buffer[range.BlockEnd - 1] is (byte)'\n' or (byte)'\r';
        }
    }

    /// <summary>Looks at the block's quotes and line ends.</summary>
    public static void Frame(FileRange range)
    {
        ArgumentNullException.ThrowIfNull(range);
        range.Frame = RangeFramer.Of(range.Block, range.IsAfterLineEnd);
    }

    /// <summary>Settles which records the range holds and where they stand in the file.</summary>
    public void Settle(FileRange range) => _chain.Settle(range);

    /// <summary>
    /// Takes the range's records through the plan. Whatever goes wrong is kept for <see cref="Commit"/>. <paramref name="isAbandoned"/> is
    /// asked now and then whether the range will be committed at all.
    /// </summary>
    public void Clean(FileRange range, Func<bool> isAbandoned)
    {
        ArgumentNullException.ThrowIfNull(range);
        range.Clean(_work, _barrier, _isMeasuring, isAbandoned, _cancellationToken);
    }

    /// <summary>
    /// Writes what was made of the range and adds it to the ledger. False if the range has a record that only one reader can read
    /// rightly: what was read behind it must be given to <see cref="HandOver"/>. Throws what cleaning or reading the range threw.
    /// </summary>
    public bool Commit(FileRange range)
    {
        ArgumentNullException.ThrowIfNull(range);
        if (range.Failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        _work.Merge(range.Work);
        if (!_isMeasuring)
        {
            _sink!.Take(range.Sink!);
            _sink.Flush();
        }

        var reached = range.ReachedPlace;
        _totals = _totals with { Reached = reached, BlankLines = _totals.BlankLines + range.BlankLines };
        _ranges++;
        TellProgress();
        if (range.IsStopped)
        {
            return false;
        }

        if (range.ReadFailure is { } readFailure)
        {
            ExceptionDispatchInfo.Throw(readFailure);
        }

        if (range.IsLast)
        {
            return true;
        }

        if (range.Start != range.End && reached != range.NextPlace)
        {
            throw new InvalidOperationException($"A range ends at {reached}, the next begins at {range.NextPlace}. This is a bug.");
        }

        _survey?.Reach(_totals);
        SaveIfDue();
        return true;
    }

    /// <summary>
    /// Has one reader go on where <paramref name="range"/> stopped, for some stretch; it reads the blocks of <paramref name="later"/>, in
    /// their order, again. True if the file goes on behind it, in ranges.
    /// </summary>
    public bool HandOver(FileRange range, IReadOnlyList<FileRange> later)
    {
        ArgumentNullException.ThrowIfNull(range);
        ArgumentNullException.ThrowIfNull(later);
        _rest!.GiveBack([range.Unread.ToArray(), .. later.Select(other => other.Block.ToArray()), _holdsReturn ? [(byte)'\r'] : []]);
        var last = later.Count > 0 ? later[^1] : range;
        if (last.ReadFailure is { } failure)
        {
            _rest.FailAgain(failure);
        }

        var goesOn = _oneReader!.GoOn(_totals, _work, _barrier, _isMeasuring ? null : _sink, _cancellationToken);
        _totals = _oneReader.Totals;
        _sink?.Flush();
        TellProgress();
        _survey?.Skip(_totals, _job.Limits);
        if (goesOn)
        {
            SaveIfDue();
            BeginBlocks(_totals.Reached);
        }

        return goesOn;
    }

    /// <summary>Cleans the file as <see cref="FileCleaner.Clean"/> does; the report says why. For a file with an <see cref="Obstacle"/>.</summary>
    public FileReport CleanByOneReader()
    {
        var report = FileCleaner.Write(new CleaningRun(_job, _input, _cancellationToken), _job);
        return report with { Reading = new RangeReport(0, Obstacle, report.BytesIn) };
    }

    /// <summary>The file's ledger, after all passes.</summary>
    public FileReport Finish() => FileCleaner.Balanced(_work.Report(_input, _totals.Reached.RecordsBefore) with
    {
        BlankLines = _input.BlankLines + _totals.BlankLines,
        BytesIn = _totals.Reached.ByteOffset,
        BytesOut = _bytesBefore + _sink!.BytesOut,
        Passes = _progress.Passes,
        Reading = Reading,
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        _rest?.Dispose();
        _sink?.Dispose();
    }

    private void BeginWriting(RangeCheckpoint? from)
    {
        _sink = new WritingSink(_job, _input, _work.Program, RowTargets.Of(_job, _input, from));
        if (from is null)
        {
            return;
        }

        _bytesBefore = from.BytesOut;
        _savedAt = from.ByteOffset;
        _ranges = from.Reading.Ranges;
        _totals = new PassTotals(new RecordPlace(from.Line, from.RecordsBefore, from.ByteOffset), from.BlankLines, from.Broken);
        _work.Restore(from);
        _oneReader!.Restore(from);
        _rest!.PassOver(from.ByteOffset - _input.FirstRecord.ByteOffset, _cancellationToken);
    }

    private void SaveIfDue()
    {
        var done = _totals.Reached.ByteOffset - _savedAt;
        if (_job.Checkpoints is { } checkpoints && !_isMeasuring && done >= (long)RangesPerCheckpoint * _tuning.RangeBytes)
        {
            _savedAt = _totals.Reached.ByteOffset;
            checkpoints.Save(_work.Save(new RangeCheckpoint
            {
                Line = _totals.Reached.Line,
                RecordsBefore = _totals.Reached.RecordsBefore,
                ByteOffset = _totals.Reached.ByteOffset,
                BlankLines = _totals.BlankLines,
                Broken = _totals.Broken,
                BytesOut = _bytesBefore + _sink!.BytesOut,
                HasRejectRows = _sink.HasRejectRows,
                Reading = Reading,
                OneReaderNext = _oneReader!.NextBytes,
                Steps = [],
                Expectations = [],
            }));
        }
    }

    private RangeReport Reading => new(_ranges, _oneReader!.Reason, _oneReader.Bytes);

    private bool MoreIsReady => !_rest!.IsAtSource || _job.InputIsReady is not { } isReady || isReady();

    private int NextBarrier(int from)
    {
        while (from < _work.Steps.Count && !_work.Steps[from].IsBarrier)
        {
            from++;
        }

        return from;
    }

    private void BeginBlocks(RecordPlace place)
    {
        _chain.Begin(place);
        _isAfterLineEnd = true;
        _holdsReturn = false;
    }

    private void EndPass()
    {
        _cancellationToken.ThrowIfCancellationRequested();
        _progress.EndPass(_totals.Reached.ByteOffset, _isMeasuring ? 0 : _totals.Reached.RecordsBefore);
        _sink?.Flush();
    }

    private void TellProgress() =>
        _progress.Tell(_totals.Reached.ByteOffset, _isMeasuring ? 0 : _totals.Reached.RecordsBefore);
}

/// <summary>What a pass has gone through.</summary>
/// <param name="Reached">Where the next record is.</param>
/// <param name="BlankLines">Lines without a character.</param>
/// <param name="Broken">Records with broken quotes.</param>
internal readonly record struct PassTotals(RecordPlace Reached, long BlankLines, int Broken);
