namespace OrleansClean.Batches.Tests.Worlds;

/// <summary>
/// Tries everything that may happen in a small world, in every order, with at most so many faults. Worlds that have been seen are not
/// entered again. Nothing may break, and no world may stand still before its batch is done.
/// </summary>
internal sealed class Explorer(WorldPlan plan, int faultsMax)
{
    /// <summary>More would mean that a small world is not small any more.</summary>
    private const long ChoicesMax = 100_000_000;

    private const int OpensMax = 3;

    private readonly Dictionary<ulong, int> _seen = [];
    private readonly List<Choice> _path = [];

    /// <summary>Worlds that were seen.</summary>
    public int Worlds => _seen.Count;

    /// <summary>Choices that were made.</summary>
    public long Choices { get; private set; }

    /// <summary>Worlds in which the batch was done.</summary>
    public int Ends { get; private set; }

    /// <summary>The choices that led to where it is: of a failure, if one was thrown.</summary>
    public List<Choice> Path => _path;

    /// <summary>Tries everything; throws what broke.</summary>
    public void Explore()
    {
        var world = new World(plan);
        Visit(world, faultsMax);
    }

    private void Visit(World world, int faultsLeft)
    {
        world.DropUnread();

        // Seen with as many faults left or more: everything from here on was tried.
        var hash = world.Hash();
        if (_seen.TryGetValue(hash, out var left) && left >= faultsLeft)
        {
            return;
        }

        _seen[hash] = faultsLeft;
        if (Choices > ChoicesMax)
        {
            throw new BrokenPromiseException($"the world is too large: {_seen.Count} worlds, {Choices} choices, {Ends} ends");
        }

        var isDone = world.Checker.Phase == BatchPhase.Done;
        if (isDone)
        {
            world.Checker.CheckEnd();
            Ends++;
        }

        var able = new List<Choice>();
        world.AddChoices(able, isHealed: false);
        able.RemoveAll(choice => !MakesSense(world, choice, isDone));
        if (!isDone && world.Wait() is { } wait && (faultsLeft > 0 || able.TrueForAll(choice => IsFault(world, choice))))
        {
            able.Add(new Choice(Verb.Time, Amount: wait));
        }

        var isStill = !isDone && able.TrueForAll(choice => choice.Verb == Verb.Open && world.Opened >= OpensMax ? false : IsFault(world, choice) && choice.Verb != Verb.Time);
        if (isStill && !(world.Opened >= OpensMax && !world.HasCoordinator))
        {
            throw new BrokenPromiseException($"L1: the world stands still and the batch is {world.Checker.Phase}: {string.Join(' ', world.Checker.Outcomes)}");
        }

        if (faultsLeft == 0 && able.FindIndex(choice => IsQuiet(world, choice)) is >= 0 and var quiet)
        {
            // It concerns one process only and can no more be lost: doing it first takes nothing from what may follow.
            able = [able[quiet]];
        }

        // What costs nothing goes first: a world is then seen with as many faults left as it can be.
        foreach (var choice in able.OrderBy(choice => IsFault(world, choice)))
        {
            var cost = IsFault(world, choice) || (choice.Verb == Verb.Time && able.Exists(other => other.Verb != Verb.Time && !IsFault(world, other))) ? 1 : 0;
            if (cost <= faultsLeft && !(choice.Verb == Verb.Open && world.Opened >= OpensMax))
            {
                var next = world.Clone();
                _path.Add(choice);
                Choices++;
                next.TryChoose(choice);
                Visit(next, faultsLeft - cost);
                _path.RemoveAt(_path.Count - 1);
            }
        }
    }

    /// <summary>True if no other choice can make a difference to this one, nor this one to another, but by coming after it.</summary>
    private static bool IsQuiet(World world, Choice choice) => choice.Verb switch
    {
        Verb.Answer or Verb.Tell => true,
        Verb.Ask => !world.IsAnswered(choice.Who, choice.Generation),
        Verb.Work => choice.Fate == Fate.Ready && !world.IsBeingPublished(choice.Item),
        Verb.Carry => choice is { Fate: Fate.Good, Kind: Kind.Gate or Kind.Sweep or Kind.List } && !world.IsHeard(choice.Who),
        _ => false,
    };

    /// <summary>What would only lead in circles is left out.</summary>
    private static bool MakesSense(World world, Choice choice, bool isDone) => choice.Verb switch
    {
        Verb.Ask => !isDone && world.WouldMatter(choice.Who, choice.Generation),
        Verb.GiveUp => !world.IsUnderWay(Kind.Take, choice.Who, choice.Generation, 0, 0),
        Verb.Tell => !world.IsUnderWay(Kind.Report, choice.Who, choice.Generation, choice.Item, choice.Number),
        Verb.Client => (choice.Kind == Kind.Submit && world.Checker.Phase == BatchPhase.New)
            || (choice.Kind == Kind.Cancel && world.Checker.Phase is BatchPhase.Listing or BatchPhase.Running),
        Verb.Open => !isDone,

        // Who is busy reads it when it has time: it may as well wait outside.
        Verb.Deliver => !world.IsBusy(choice.To),
        _ => true,
    };

    private static bool IsFault(World world, Choice choice) => choice.Verb switch
    {
        Verb.Append or Verb.Carry => choice.Fate != Fate.Good,
        Verb.Work => choice.Fate != Fate.Ready,
        Verb.Drop or Verb.Copy or Verb.Lose or Verb.Kill or Verb.Restart or Verb.Double or Verb.Expire or Verb.Intrude => true,
        Verb.Open => world.HasCoordinator,
        Verb.Client => choice.Kind == Kind.Cancel,
        _ => false,
    };
}
