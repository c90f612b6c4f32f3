using System.Collections.Immutable;

namespace OrleansClean.Batches.Tests.Worlds;

/// <summary>Effects on their way: each call of the store is a step of its own, and may go wrong in every way that there is.</summary>
internal sealed partial class World
{
    private static readonly Failure Passing = new("storage-error", "", IsTransient: true);
    private static readonly Failure Lasting = new("storage-error", "", IsTransient: false);

    private bool Carry(Coordinator coordinator, Choice choice)
    {
        var index = coordinator.Effects.FindIndex(carrying => carrying.Kind == choice.Kind
            && (carrying.Attempt is not { } attempt || (attempt.Item == choice.Item && attempt.Number == choice.Number)));
        if (index < 0 || choice.Fate > Fate.Refused || (choice.Fate == Fate.Refused && choice.Kind is not (Kind.List or Kind.Commit)))
        {
            return false;
        }

        var (next, answer) = Step(coordinator.Effects[index], choice.Fate);
        if (answer is null)
        {
            coordinator.Effects[index] = next;
            return true;
        }

        coordinator.Effects.RemoveAt(index);

        // Who has ended takes no answers; the next one asks again.
        return !coordinator.IsActive || Enqueue(coordinator, answer with { Round = next.Effect.Round }, null);
    }

    private (Coordinator.Carrying Next, BatchInput? Answer) Step(Coordinator.Carrying carrying, Fate fate) => carrying.Kind switch
    {
        Kind.Commit => Commit(carrying, fate),
        Kind.List => (carrying, List(fate)),
        Kind.Gate => Gate(carrying),
        Kind.Sweep => (carrying, Sweep(fate)),
        _ => Write(carrying, fate),
    };

    private BatchInput List(Fate fate)
    {
        if (fate != Fate.Good)
        {
            return new BatchInput.ListingFailed(fate == Fate.Refused ? Lasting : Passing) { At = default };
        }

        var tags = Enumerable.Range(0, Plan.Items)
            .Select(item => Enumerable.Range(0, Plan.Objects).Select(index => _store.Tag(item, index)).ToImmutableArray())
            .ToImmutableArray();
        var name = _store.List(tags);
        Happen(new Happening.ListingWritten(name, tags));
        return new BatchInput.ListingDone(name, Plan.Items) { At = default, Pieces = Plan.Pieces };
    }

    /// <summary>One object after the other, each decided by what the store shows.</summary>
    private (Coordinator.Carrying Next, BatchInput? Answer) Commit(Coordinator.Carrying carrying, Fate fate)
    {
        var attempt = carrying.Attempt!;
        var expected = _expected[attempt][carrying.Step];
        WorldStore.Result Do() => _store.Commit(
            attempt, carrying.Step, expected, (replaced, tag) => Happen(new Happening.Landed(attempt, carrying.Step, replaced, tag)));
        var result = WorldStore.Result.Unknown;
        switch (fate)
        {
            case Fate.Good:
                result = Do();
                break;
            case Fate.Before:
                result = _store.Look(attempt, carrying.Step, expected);
                break;
            case Fate.After:
                Do();
                break;
            case Fate.Late:
                _late.Add(new LateWrite.Commit(attempt, carrying.Step, expected));
                break;
        }

        if (result == WorldStore.Result.Published && carrying.Step + 1 < Plan.Objects)
        {
            return (carrying with { Step = carrying.Step + 1 }, null);
        }

        CommitOutcome outcome = (fate, result) switch
        {
            (Fate.Refused, _) => new CommitOutcome.Refused(Lasting),
            (_, WorldStore.Result.Published) => new CommitOutcome.Published("p"),
            (_, WorldStore.Result.Conflict) => new CommitOutcome.Conflict("c"),
            (_, WorldStore.Result.StageLost) => new CommitOutcome.StageLost(),
            _ => new CommitOutcome.Unknown(),
        };
        return (carrying, new BatchInput.CommitResolved(attempt, outcome) { At = default });
    }

    /// <summary>Reads the journal first and answers later: much may happen in between. The limit is that nothing failed.</summary>
    private (Coordinator.Carrying Next, BatchInput? Answer) Gate(Coordinator.Carrying carrying) => carrying.Step == 0
        ? (carrying with { Step = 1, IsOpen = Checker.Failed == 0 }, null)
        : (carrying, new BatchInput.GateDecided(carrying.IsOpen, "closed") { At = default });

    private BatchInput Sweep(Fate fate)
    {
        switch (fate)
        {
            case Fate.Good or Fate.After when Plan.IsFolder:
                _store.Sweep();
                break;
            case Fate.Late:
                _late.Add(new LateWrite.Sweep());
                break;
        }

        return fate == Fate.Good ? new BatchInput.Swept { At = default } : new BatchInput.FinishFailed(Passing) { At = default };
    }

    /// <summary>Manifest or report: looks what stands there, reads the journal, writes over what it saw.</summary>
    private (Coordinator.Carrying Next, BatchInput? Answer) Write(Coordinator.Carrying carrying, Fate fate)
    {
        switch (carrying.Step)
        {
            case 0:
                return (carrying with { Step = 1, Tag = _store.PaperTag(carrying.Kind) }, null);
            case 1:
                return Checker.Round == carrying.Effect.Round
                    ? (carrying with { Step = 2, Outcomes = Checker.Outcomes }, null)
                    : (carrying, new BatchInput.FinishFailed(Passing) { At = default });
        }

        var isWritten = false;
        switch (fate)
        {
            case Fate.Good or Fate.After:
                isWritten = WritePaper(carrying.Kind, carrying.Tag, carrying.Outcomes) && fate == Fate.Good;
                break;
            case Fate.Late:
                _late.Add(new LateWrite.Paper(carrying.Kind, carrying.Tag, carrying.Outcomes));
                break;
        }

        return (carrying, (isWritten, carrying.Kind) switch
        {
            (false, _) => new BatchInput.FinishFailed(Passing) { At = default },
            (true, Kind.Manifest) => new BatchInput.ManifestWritten { At = default },
            _ => new BatchInput.ReportWritten { At = default },
        });
    }

    private bool WritePaper(Kind kind, int expected, ImmutableArray<ItemStatus> outcomes)
    {
        if (!_store.WritePaper(kind, expected))
        {
            return false;
        }

        Happen(new Happening.PaperWritten(kind, outcomes));
        return true;
    }

    private bool Land(int index)
    {
        var late = _late[index];
        _late.RemoveAt(index);
        switch (late)
        {
            case LateWrite.Append append:
                Write(append.Position, append.Incarnation, append.Record);
                break;
            case LateWrite.Commit commit:
                _store.Commit(
                    commit.Attempt,
                    commit.Object,
                    commit.Expected,
                    (replaced, tag) => Happen(new Happening.Landed(commit.Attempt, commit.Object, replaced, tag)));
                break;
            case LateWrite.Sweep when Plan.IsFolder:
                _store.Sweep();
                break;
            case LateWrite.Paper paper:
                WritePaper(paper.Kind, paper.Expected, paper.Outcomes);
                break;
        }

        return true;
    }
}
