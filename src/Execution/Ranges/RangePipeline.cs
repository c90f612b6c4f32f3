using System.Globalization;
using System.Runtime.ExceptionServices;
using OrleansClean.Cleaning;
using OrleansClean.Cleaning.Ranges;

namespace OrleansClean.Execution.Ranges;

/// <summary>
/// Drives the ranges of one file: the caller's thread and those that it can borrow take one range after the other, read it and
/// clean it, and whoever finds the next one in order done commits it. Two ranges for each thread and one more are in memory.
/// </summary>
internal sealed class RangePipeline(RangedFile file, CoreBudget budget) : IDisposable
{
    private readonly object _gate = new();
    private readonly List<WorkedRange> _all = [];
    private readonly Stack<WorkedRange> _free = new();
    private readonly Queue<WorkedRange> _uncommitted = new();
    private readonly Queue<WorkedRange> _unsettled = new();
    private int _helpers;
    private bool _isReading;
    private bool _isCommitting;
    private bool _isRead;
    private volatile bool _isStopped;
    private ExceptionDispatchInfo? _failure;

    private int RangesMax => (2 * budget.Threads) + 1;

    /// <summary>Runs all passes.</summary>
    public void Run()
    {
        while (file.BeginPass())
        {
            while (Stretch())
            {
            }
        }
    }

    public void Dispose()
    {
        foreach (var worked in _all)
        {
            worked.Range.Dispose();
        }
    }

    /// <summary>
    /// Works until the input ends or one reader must take over, and has it take over; true if the file goes on in ranges.
    /// </summary>
    private bool Stretch()
    {
        (_isRead, _isStopped) = (false, false);
        Work(isHelper: false);
        lock (_gate)
        {
            while (_helpers > 0)
            {
                Monitor.Wait(_gate);
            }
        }

        _failure?.Throw();
        if (!_uncommitted.TryDequeue(out var stopped))
        {
            return false;
        }

        // Nothing but the first of them may be committed; the others are read again.
        var goesOn = file.HandOver(stopped.Range, [.. _uncommitted.Select(worked => worked.Range)]);
        _free.Push(stopped);
        foreach (var worked in _uncommitted)
        {
            _free.Push(worked);
        }

        _uncommitted.Clear();
        _unsettled.Clear();
        return goesOn;
    }

    private void Work(bool isHelper)
    {
        try
        {
            while (Take(isHelper) is { } worked)
            {
                Process(worked);
            }
        }
#pragma warning disable CA1031 // It is thrown again in the thread that waits for the file.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Stop(e);
        }
    }

    /// <summary>Reads the next range; null if there is none, or the thread is wanted elsewhere.</summary>
    private WorkedRange? Take(bool isHelper)
    {
        WorkedRange worked;
        lock (_gate)
        {
            while (true)
            {
                if (_isRead || _isStopped || (isHelper && budget.IsOverdrawn))
                {
                    return null;
                }

                if (!_isReading && FindFree() is { } free)
                {
                    worked = free;
                    break;
                }

                Monitor.Wait(_gate);
            }

            _isReading = true;
            _uncommitted.Enqueue(worked);
            _unsettled.Enqueue(worked);
            (worked.IsFramed, worked.IsSettled, worked.IsDone) = (false, false, false);
        }

        file.Read(worked.Range);
        lock (_gate)
        {
            _isReading = false;
            _isRead = worked.Range.IsLast;
            if (!_isRead && budget.TryBorrow())
            {
                StartHelper();
            }

            Monitor.PulseAll(_gate);
        }

        return worked;
    }

    private WorkedRange? FindFree()
    {
        if (_free.TryPop(out var free))
        {
            return free;
        }

        if (_all.Count == RangesMax)
        {
            return null;
        }

        _all.Add(new WorkedRange(file.CreateRange(WaitForTurn)));
        return _all[^1];
    }

    private void Process(WorkedRange worked)
    {
        RangedFile.Frame(worked.Range);
        lock (_gate)
        {
            worked.IsFramed = true;
            while (_unsettled.TryPeek(out var first) && first.IsFramed)
            {
                file.Settle(first.Range);
                first.IsSettled = true;
                _unsettled.Dequeue();
            }

            Monitor.PulseAll(_gate);
            while (!worked.IsSettled && !_isStopped)
            {
                Monitor.Wait(_gate);
            }

            if (_isStopped)
            {
                return;
            }
        }

        file.Clean(worked.Range, () => _isStopped);
        lock (_gate)
        {
            worked.IsDone = true;
        }

        CommitInOrder();
    }

    /// <summary>Commits what is done from the first range on, unless another thread is at it: that one looks again when it has ended.</summary>
    private void CommitInOrder()
    {
        while (true)
        {
            WorkedRange? first;
            lock (_gate)
            {
                if (_isCommitting || _isStopped || !_uncommitted.TryPeek(out first) || !first.IsDone)
                {
                    return;
                }

                _isCommitting = true;
            }

            var isWhole = false;
            try
            {
                isWhole = file.Commit(first.Range);
            }
            finally
            {
                lock (_gate)
                {
                    _isCommitting = false;
                    _isStopped = !isWhole;
                    if (isWhole)
                    {
                        _free.Push(_uncommitted.Dequeue());
                    }

                    Monitor.PulseAll(_gate);
                }
            }
        }
    }

    /// <summary>A range that cannot hold back what it makes waits until it is the first one.</summary>
    private void WaitForTurn(FileRange range)
    {
        lock (_gate)
        {
            while (!_isStopped && (_isCommitting || _uncommitted.Peek().Range != range))
            {
                Monitor.Wait(_gate);
            }

            if (_isStopped)
            {
                throw new OperationCanceledException("An earlier range has stopped: this one will be read again.");
            }
        }
    }

    private void StartHelper()
    {
        _helpers++;
        var thread = new Thread(() =>
        {
            Work(isHelper: true);
            budget.Leave();
            lock (_gate)
            {
                _helpers--;
                Monitor.PulseAll(_gate);
            }
        })
        {
            IsBackground = true,
            Name = string.Create(CultureInfo.InvariantCulture, $"range cleaner {_helpers}"),
        };
        thread.Start();
    }

    private void Stop(Exception e)
    {
        lock (_gate)
        {
            _failure ??= ExceptionDispatchInfo.Capture(e);
            _isStopped = true;
            Monitor.PulseAll(_gate);
        }
    }

    private sealed class WorkedRange(FileRange range)
    {
        public FileRange Range => range;

        public bool IsFramed { get; set; }

        public bool IsSettled { get; set; }

        public bool IsDone { get; set; }
    }
}
