using System.Collections.Immutable;

namespace OrleansClean.Batches.Tests.Worlds;

/// <summary>
/// The store of a world: what it promises in <c>IObjectStore</c>, as little of it as coordinators need. Objects have tags that are never
/// given twice; a commit names the tag that it expects; blocks are staged for an attempt, and a commit drops all others under its name.
/// </summary>
internal sealed class WorldStore
{
    private readonly Dictionary<(int Item, int Object), Content> _objects = [];
    private readonly HashSet<(int Item, int Object, int Attempt)> _staged = [];
    private readonly Dictionary<string, ImmutableArray<ImmutableArray<int?>>> _listings = new(StringComparer.Ordinal);
    private readonly Dictionary<Kind, int> _papers = [];
    private int _tags;

    private WorldStore(WorldStore other)
    {
        _objects = new(other._objects);
        _staged = [.. other._staged];
        _listings = new(other._listings, StringComparer.Ordinal);
        _papers = new(other._papers);
        _tags = other._tags;
    }

    public WorldStore()
    {
    }

    /// <summary>How a commit ends.</summary>
    public enum Result
    {
        /// <summary>The object shows this attempt's bytes.</summary>
        Published,

        /// <summary>Another's object stands there.</summary>
        Conflict,

        /// <summary>The staged blocks are gone.</summary>
        StageLost,

        /// <summary>Nothing is known.</summary>
        Unknown,
    }

    public WorldStore Clone() => new(this);

    /// <summary>What is staged, as (item, attempt).</summary>
    public IEnumerable<AttemptId> Staged => _staged.Where(staged => staged.Object == 0).Select(staged => new AttemptId(staged.Item, staged.Attempt));

    /// <summary>The tag that stands under a name; null if nothing does.</summary>
    public int? Tag(int item, int index) => _objects.TryGetValue((item, index), out var content) ? content.Tag : null;

    public void Stage(AttemptId attempt, int objects)
    {
        for (var index = 0; index < objects; index++)
        {
            _staged.Add((attempt.Item, index, attempt.Number));
        }
    }

    public void Expire(AttemptId attempt) => _staged.RemoveWhere(staged => staged.Item == attempt.Item && staged.Attempt == attempt.Number);

    public void Sweep() => _staged.Clear();

    /// <summary>Somebody else writes.</summary>
    public int Intrude(int item, int index) => Put(item, index, 0);

    public string List(ImmutableArray<ImmutableArray<int?>> tags)
    {
        var name = $"listing-{_listings.Count + 1}";
        _listings.Add(name, tags);
        return name;
    }

    public ImmutableArray<ImmutableArray<int?>> Listing(string name) => _listings[name];

    /// <summary>Commits as a server does, and looks afterwards.</summary>
    public Result Commit(AttemptId attempt, int index, int? expected, Action<int?, int> landed)
    {
        if (Tag(attempt.Item, index) != expected)
        {
            return Look(attempt, index, expected);
        }

        if (!_staged.Contains((attempt.Item, index, attempt.Number)))
        {
            return Result.StageLost;
        }

        _staged.RemoveWhere(staged => staged.Item == attempt.Item && staged.Object == index);
        landed(expected, Put(attempt.Item, index, attempt.Number));
        return Result.Published;
    }

    /// <summary>
    /// What one sees without knowing whether the commit was carried out. The bytes of an item are the same whichever attempt made them, so
    /// an earlier attempt's count as its own.
    /// </summary>
    public Result Look(AttemptId attempt, int index, int? expected) =>
        Tag(attempt.Item, index) == expected ? Result.Unknown
        : _objects.TryGetValue((attempt.Item, index), out var content) && content.Attempt != 0 ? Result.Published
        : Result.Conflict;

    /// <summary>The tag of the manifest or report; zero if there is none.</summary>
    public int PaperTag(Kind kind) => _papers.GetValueOrDefault(kind);

    /// <summary>Writes manifest or report in the place of what had this tag; false if something else stands there.</summary>
    public bool WritePaper(Kind kind, int expected)
    {
        if (PaperTag(kind) != expected)
        {
            return false;
        }

        _papers[kind] = ++_tags;
        return true;
    }

    /// <summary>Adds what matters for the future to a hash. Tags matter only as far as they are what somebody expects: that is the world's to add.</summary>
    public void AddTo(ref WorldHash hash)
    {
        hash.AddAll(_objects, pair => HashOf(pair.Key.Item, pair.Key.Object, pair.Value.Attempt, 0));
        hash.AddAll(_staged, staged => HashOf(staged.Item, staged.Object, staged.Attempt, 77));
        hash.AddAll(_papers, paper => HashOf((int)paper.Key, 78));
    }

    private static ulong HashOf(params ReadOnlySpan<int> numbers)
    {
        var hash = default(WorldHash);
        hash.Add(numbers);
        return hash.Value;
    }

    private int Put(int item, int index, int attempt)
    {
        _objects[(item, index)] = new Content(attempt, ++_tags);
        return _tags;
    }

    /// <param name="Attempt">The attempt that made it; zero if it is a stranger's.</param>
    /// <param name="Tag">Its tag.</param>
    private readonly record struct Content(int Attempt, int Tag);
}
