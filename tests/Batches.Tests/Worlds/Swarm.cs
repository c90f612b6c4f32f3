using System.Collections.Immutable;

namespace OrleansClean.Batches.Tests.Worlds;

/// <summary>
/// A world driven by a seed: it says how large the world is, which faults are on, and what happens. After the hostile time the world
/// heals, and the batch must end.
/// </summary>
internal sealed class Swarm(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>The world's size and manners.</summary>
    public WorldPlan Plan { get; private set; } = new(0, 1, Faults.None, WorldPlan.SpecOf(hasGate: false));

    /// <summary>What was chosen before the world healed.</summary>
    public List<Choice> Choices { get; } = [];

    /// <summary>Runs to the end; throws what broke.</summary>
    public void Run()
    {
        Plan = NewPlan();
        var world = new World(Plan);
        var able = new List<Choice>();
        for (var left = _random.Next(20, 260); left > 0; left--)
        {
            able.Clear();
            world.AddChoices(able, isHealed: false);
            Healing.AddTimes(world, able, isHealed: false);
            var choice = Pick(able);
            Choices.Add(choice);
            world.TryChoose(choice);
        }

        Healing.Heal(world);
    }

    private Choice Pick(List<Choice> able)
    {
        var sum = 0;
        foreach (var choice in able)
        {
            sum += WeightOf(choice);
        }

        var at = _random.Next(sum);
        foreach (var choice in able)
        {
            at -= WeightOf(choice);
            if (at < 0)
            {
                return choice;
            }
        }

        return able[^1];
    }

    /// <summary>How often a choice is made: what goes well more often than what goes wrong, or nothing would ever come far.</summary>
    private static int WeightOf(Choice choice) => choice.Verb switch
    {
        Verb.Append or Verb.Carry when choice.Fate is Fate.Good => 60,
        Verb.Append or Verb.Carry => 4,
        Verb.Work when choice.Fate is Fate.Ready => 40,
        Verb.Work => 3,
        Verb.Deliver or Verb.Answer => 50,
        Verb.Ask => 20,
        Verb.Tick => 25,
        Verb.Tell => 6,
        Verb.Client when choice.Kind is Kind.Submit => 12,
        Verb.Client when choice.Kind is Kind.Retry => 12,
        Verb.Client => 2,
        Verb.Drop or Verb.Lose or Verb.Copy => 5,
        Verb.Land => 4,
        Verb.Time => 6,
        Verb.Open => 8,
        Verb.Kill or Verb.Restart or Verb.Double or Verb.Roll or Verb.GiveUp => 2,
        _ => 1,
    };

    private WorldPlan NewPlan()
    {
        var faults = _random.Next(10) switch
        {
            0 => Faults.All,
            1 => Faults.None,
            _ => (Faults)(_random.Next() & _random.Next() & (int)Faults.All) | (Faults)(1 << _random.Next(19)),
        };
        var spec = WorldPlan.SpecOf(_random.Next(3) == 0) with
        {
            ItemTimeout = _random.Next(6) == 0 ? TimeSpan.FromSeconds(40) : null,
            BatchTimeout = _random.Next(10) == 0 ? TimeSpan.FromSeconds(300) : null,
        };
        var items = _random.Next(12) == 0 ? 0 : _random.Next(1, 5);
        var workers = _random.Next(1, 4);

        // Dice of their own: older seeds are the worlds that they were.
        var dice = new Random(~seed);
        ImmutableArray<int> pieces = items > 0 && dice.Next(4) == 0 ? [.. Enumerable.Range(0, dice.Next(1, Math.Min(items, 2) + 1)).Select(_ => dice.Next(1, 4))] : [];
        return new WorldPlan(items + pieces.Sum(), workers, faults, spec)
        {
            Pieces = pieces,
            Objects = _random.Next(1, 3),
            IsFolder = _random.Next(2) == 0,
        };
    }
}

/// <summary>The faults stop, and the batch must come to its end: that is L1.</summary>
internal static class Healing
{
    private const int ChoicesMax = 4_000;
    private const long MillisecondsMax = 30 * 60 * 1000;

    /// <summary>Lets good things happen in any order until the batch is done.</summary>
    public static void Heal(World world)
    {
        var random = new Random(1);
        var able = new List<Choice>();
        var from = world.Now;
        for (var left = ChoicesMax; world.Checker.Phase != BatchPhase.Done; left--)
        {
            if (left == 0 || world.Now - from > MillisecondsMax)
            {
                throw new BrokenPromiseException(
                    $"L1: the world is healed, and after {ChoicesMax - left} steps and {(world.Now - from) / 1000} s the batch is {world.Checker.Phase}: {string.Join(' ', world.Checker.Outcomes)}");
            }

            able.Clear();
            world.AddChoices(able, isHealed: true);
            AddTimes(world, able, isHealed: true);
            world.TryChoose(able[random.Next(able.Count)]);
        }

        world.Checker.CheckEnd();
    }

    /// <summary>Time passes: a little, or to the next moment that matters, or much.</summary>
    public static void AddTimes(World world, List<Choice> able, bool isHealed)
    {
        able.Add(new Choice(Verb.Time, Amount: 100));
        if (world.Wait() is { } wait and > 100)
        {
            able.Add(new Choice(Verb.Time, Amount: Math.Min(wait, isHealed ? 10_000 : wait)));
        }

        if (!isHealed)
        {
            able.Add(new Choice(Verb.Time, Amount: 20_000));
        }
    }
}
