using System.Globalization;
using System.Runtime.InteropServices;

namespace OrleansClean.Batches.Tests.Worlds;

/// <summary>What the scheduler of a world may let happen next.</summary>
internal enum Verb
{
    /// <summary>Time passes.</summary>
    Time,

    /// <summary>A coordinator's process starts.</summary>
    Open,

    /// <summary>A coordinator's process dies.</summary>
    Kill,

    /// <summary>The store answers a coordinator's append.</summary>
    Append,

    /// <summary>A coordinator's effect goes one step on.</summary>
    Carry,

    /// <summary>A coordinator looks at its clock.</summary>
    Tick,

    /// <summary>A coordinator closes a segment.</summary>
    Roll,

    /// <summary>A worker asks for work.</summary>
    Ask,

    /// <summary>A worker waits no longer for an answer to its asking.</summary>
    GiveUp,

    /// <summary>A worker ends an attempt.</summary>
    Work,

    /// <summary>A worker reports an attempt that it has ended, again if need be.</summary>
    Tell,

    /// <summary>A worker's process dies and another one starts under its name.</summary>
    Restart,

    /// <summary>A worker's process starts under the name of one that lives on.</summary>
    Double,

    /// <summary>A message arrives.</summary>
    Deliver,

    /// <summary>A message is lost.</summary>
    Drop,

    /// <summary>A message is doubled.</summary>
    Copy,

    /// <summary>An answer arrives.</summary>
    Answer,

    /// <summary>An answer is lost.</summary>
    Lose,

    /// <summary>A client sends something.</summary>
    Client,

    /// <summary>A write that was late lands.</summary>
    Land,

    /// <summary>What is staged for an attempt vanishes.</summary>
    Expire,

    /// <summary>Somebody else writes an output.</summary>
    Intrude,
}

/// <summary>
/// One choice of a scheduler. It says what happens in words that mean the same when other choices before it are left out: that is
/// what lets a failure shrink.
/// </summary>
/// <param name="Verb">What happens.</param>
/// <param name="Who">To whom: the number of a coordinator, or of a worker's name.</param>
/// <param name="Generation">Of a worker's process.</param>
/// <param name="Kind">Which message or effect.</param>
/// <param name="Item">Of which item.</param>
/// <param name="Number">Of which attempt, or which of several.</param>
/// <param name="To">The coordinator that a message arrives at.</param>
/// <param name="Fate">How it goes.</param>
/// <param name="Amount">Milliseconds, or free slots.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Choice(
    Verb Verb,
    int Who = 0,
    int Generation = 0,
    Kind Kind = Kind.None,
    int Item = 0,
    int Number = 0,
    int To = 0,
    Fate Fate = Fate.Good,
    int Amount = 0)
{
    private static readonly string[] Names = ["who", "gen", "kind", "item", "number", "to", "fate", "amount"];

    /// <summary>The choice as a line, such as <c>deliver who=1 gen=1 kind=report item=0 number=1 to=2</c>.</summary>
    public override string ToString()
    {
        string[] values =
        [
            Shown(Who), Shown(Generation), Kind == Kind.None ? "" : Lower(Kind), Shown(Item), Shown(Number), Shown(To), Fate == Fate.Good ? "" : Lower(Fate), Shown(Amount),
        ];
        return string.Join(' ', values.Zip(Names, (value, name) => value.Length == 0 ? "" : $"{name}={value}").Where(word => word.Length > 0).Prepend(Lower(Verb)));
    }

    /// <summary>Reads a line.</summary>
    public static Choice Parse(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string Word(string name) => words.FirstOrDefault(word => word.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..] ?? "";
        int Number(string name) => Word(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
        T Case<T>(string text, T otherwise)
            where T : struct, Enum => text.Length == 0 ? otherwise : Enum.Parse<T>(text, ignoreCase: true);
        return new Choice(
            Enum.Parse<Verb>(words[0], ignoreCase: true),
            Number("who"),
            Number("gen"),
            Case(Word("kind"), Kind.None),
            Number("item"),
            Number("number"),
            Number("to"),
            Case(Word("fate"), Fate.Good),
            Number("amount"));
    }

    private static string Shown(int value) => value == 0 ? "" : value.ToString(CultureInfo.InvariantCulture);

#pragma warning disable CA1308 // For people to read, not to compare.
    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
#pragma warning restore CA1308
}

/// <summary>Which message, or which effect.</summary>
internal enum Kind
{
    /// <summary>None.</summary>
    None,

    /// <summary>A worker asks.</summary>
    Take,

    /// <summary>A worker reports.</summary>
    Report,

    /// <summary>A client submits.</summary>
    Submit,

    /// <summary>A client submits another body under the same id.</summary>
    Other,

    /// <summary>A client cancels.</summary>
    Cancel,

    /// <summary>A client wants what failed tried again.</summary>
    Retry,

    /// <summary>The inputs are listed.</summary>
    List,

    /// <summary>An item is published.</summary>
    Commit,

    /// <summary>The gate is looked at.</summary>
    Gate,

    /// <summary>What is temporary is removed.</summary>
    Sweep,

    /// <summary>The manifest is written.</summary>
    Manifest,

    /// <summary>The report is written.</summary>
    Paper,
}
