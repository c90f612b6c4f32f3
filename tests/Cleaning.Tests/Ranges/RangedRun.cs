using OrleansClean.Cleaning.Csv;
using OrleansClean.Cleaning.Ledgers;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Cleaning.Ranges;
using OrleansClean.Cleaning.Tests.Evidence;

namespace OrleansClean.Cleaning.Tests.Ranges;

/// <summary>
/// Cleans a file in ranges with one thread that does what many might: of everything that may be done next it takes one thing by
/// chance.
/// </summary>
internal sealed class RangedRun
{
    private const int RangesInWork = 5;

    private readonly Random _chance;
    private readonly RangedFile _file;
    private readonly List<Worked> _inOrder = [];
    private readonly Stack<FileRange> _free = new();

    private RangedRun(RangedFile file, int seed)
    {
        _file = file;
        _chance = new Random(seed);
        for (var i = 0; i < RangesInWork; i++)
        {
            _free.Push(file.CreateRange(_ => throw new InvalidOperationException("A range must hold back what these tests make.")));
        }
    }

    /// <summary>Cleans <paramref name="input"/>; the report is null if the file fails.</summary>
    public static Evidence.CleaningRun Of(Plan plan, byte[] input, int rangeBytes, int seed, Limits? limits = null, int bytesAtOnce = int.MaxValue, bool isScalar = false)
    {
        var outputs = new MemoryOutputs();
        var job = new FileCleaning
        {
            Plan = plan,
            InputName = "in.csv",
            OpenInput = () => new Reading.TrickleStream(input, bytesAtOnce),
            Outputs = outputs,
            BatchId = "evidence-1",
            Now = new DateTime(2026, 1, 31, 12, 0, 0, DateTimeKind.Utc),
            Limits = limits ?? Limits.Default,
            Tuning = new ReaderTuning { RangeBytes = rangeBytes, IsScalar = isScalar },
        };
        try
        {
            using var file = RangedFile.Open(job, CancellationToken.None);
            return new Evidence.CleaningRun(outputs, file.Obstacle is null ? Of(file, seed) : file.CleanByOneReader(), null);
        }
        catch (FileFailedException failure)
        {
            return new Evidence.CleaningRun(outputs, null, failure);
        }
    }

    /// <summary>Cleans an opened file.</summary>
    public static FileReport Of(RangedFile file, int seed)
    {
        RunPasses(file, seed);
        return file.Finish();
    }

    /// <summary>Runs all passes over an opened file.</summary>
    public static void RunPasses(RangedFile file, int seed)
    {
        var run = new RangedRun(file, seed);
        while (file.BeginPass())
        {
            while (run.Stretch())
            {
            }
        }
    }

    private bool Stretch()
    {
        var isRead = false;
        while (!isRead || _inOrder.Count > 0)
        {
            var moves = Moves(isRead).ToList();
            switch (moves[_chance.Next(moves.Count)])
            {
                case (null, _):
                    var read = _free.Pop();
                    _file.Read(read);
                    isRead = read.IsLast;
                    _inOrder.Add(new Worked(read));
                    break;
                case ({ State: State.Read } worked, _):
                    RangedFile.Frame(worked.Range);
                    worked.State = State.Framed;
                    break;
                case ({ State: State.Framed } worked, _):
                    _file.Settle(worked.Range);
                    worked.State = State.Settled;
                    break;
                case ({ State: State.Settled } worked, _):
                    _file.Clean(worked.Range, () => false);
                    worked.State = State.Cleaned;
                    break;
                case ({ } first, _):
                    _inOrder.Remove(first);
                    _free.Push(first.Range);
                    if (!_file.Commit(first.Range))
                    {
                        var goesOn = _file.HandOver(first.Range, [.. _inOrder.Select(worked => worked.Range)]);
                        _inOrder.ForEach(worked => _free.Push(worked.Range));
                        _inOrder.Clear();
                        return goesOn;
                    }

                    break;
            }
        }

        return false;
    }

    private IEnumerable<(Worked? Range, State Next)> Moves(bool isRead)
    {
        if (!isRead && _free.Count > 0)
        {
            yield return (null, State.Read);
        }

        for (var i = 0; i < _inOrder.Count; i++)
        {
            var worked = _inOrder[i];
            var isNext = worked.State switch
            {
                State.Read or State.Settled => true,
                State.Framed => i == 0 || _inOrder[i - 1].State > State.Framed,
                _ => i == 0,
            };
            if (isNext)
            {
                yield return (worked, worked.State + 1);
            }
        }
    }

    private enum State
    {
        Read,
        Framed,
        Settled,
        Cleaned,
    }

    private sealed class Worked(FileRange range)
    {
        public FileRange Range => range;

        public State State { get; set; }
    }
}
