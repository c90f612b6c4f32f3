using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>
/// Every function of the language, once: the parser, the compiler, <c>docs/functions.md</c> and the test that runs the
/// examples read this list.
/// </summary>
internal static partial class FunctionCatalog
{
    // A call takes few arguments unless it takes any number of them.
    private const int ArgumentsMax = 100;

    private static readonly FrozenDictionary<string, Function> ByName;

    // Ours, and what other languages call it.
    private static readonly FrozenDictionary<string, string> Elsewhere = """
        avg: average mean
        length: len char_length
        substr: substring mid
        upper: ucase to_upper
        lower: lcase to_lower
        title: initcap proper
        trim: strip
        coalesce: isnull ifnull nvl fillna
        if: iif iff
        min_of: least
        max_of: greatest
        ceil: ceiling
        power: pow
        ln: log
        trunc: truncate
        parse_date: to_date strptime
        format: strftime to_char date_format
        to_integer: int
        to_number: float number cast
        to_decimal: decimal
        to_text: text str
        pad_left: lpad
        pad_right: rpad
        split_part: split
        date_diff: datediff
        date_add: dateadd
        weekday: dayofweek
        today: current_date
        now: getdate
        regex_replace: regexp_replace
        regex_extract: regexp_extract
        is_number: isnumeric
        """
        .Split('\n', StringSplitOptions.TrimEntries)
        .Select(line => line.Split([':', ' '], StringSplitOptions.RemoveEmptyEntries))
        .SelectMany(words => words[1..].Select(theirs => (Theirs: theirs, Ours: words[0])))
        .ToFrozenDictionary(pair => pair.Theirs, pair => pair.Ours, StringComparer.Ordinal);

    static FunctionCatalog()
    {
        Groups =
        [
            ("Text", TextEntries()),
            ("Numbers", NumberEntries()),
            ("Dates", DateEntries()),
            ("Choices and nulls", ChoiceEntries()),
        ];
        ByName = Groups.SelectMany(group => group.Functions).ToFrozenDictionary(function => function.Name, StringComparer.Ordinal);
    }

    /// <summary>The functions by theme, in the order of the documentation.</summary>
    public static ImmutableArray<(string Name, ImmutableArray<Function> Functions)> Groups { get; }

    /// <summary>The function of that name, in lower case.</summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out Function? function) => ByName.TryGetValue(name, out function);

    /// <summary>What an unknown function was meant to be.</summary>
    public static string Hint(string name)
    {
        if (Elsewhere.TryGetValue(name, out var ours))
        {
            return $"Here it is `{ours}`.";
        }

        var aggregates = Enum.GetNames<AggregateKind>().Select(kind => kind.ToLowerInvariant());
        return Nearest.Hint(name, ByName.Keys.Order(StringComparer.Ordinal).Concat(aggregates).Append("col"))
            ?? "All functions are in docs/functions.md.";
    }

    private static Function Entry(string signature, string doc, string example, string over, string gives, FunctionBinding bind)
    {
        // substr(text, start[, length]): what is in brackets may be left out, and … stands for any number.
        var open = signature.IndexOf('(', StringComparison.Ordinal);
        var names = signature[(open + 1)..^1];
        var isOpen = names.Contains('…', StringComparison.Ordinal);
        var required = names.Split('[')[0].Replace(", …", "", StringComparison.Ordinal);
        var all = names.Length == 0 ? 0 : names.Split(',').Length;
        return new Function
        {
            Name = signature[..open],
            Signature = signature,
            Doc = doc,
            Example = example,
            Over = over,
            Gives = gives,
            ArgumentsMin = required.Length == 0 ? 0 : required.Split(',').Length,
            ArgumentsMax = isOpen ? ArgumentsMax : all,
            Bind = bind,
        };
    }

    private static FunctionBinding Of(Func<CallBinder, int, Expression?> argument, Function1 function, ColumnType type) =>
        call => argument(call, 0) is { } a ? new Call1(function, a, type) : null;

    private static FunctionBinding Of(
        Func<CallBinder, int, Expression?> first,
        Func<CallBinder, int, Expression?> second,
        Function2 function,
        ColumnType type) =>
        call =>
        {
            var (a, b) = (first(call, 0), second(call, 1));
            return a is null || b is null ? null : new Call2(function, a, b, type);
        };

    private static FunctionBinding Of(
        Func<CallBinder, int, Expression?> first,
        Func<CallBinder, int, Expression?> second,
        Func<CallBinder, int, Expression?> third,
        Function3 function,
        ColumnType type) =>
        call =>
        {
            var (a, b, c) = (first(call, 0), second(call, 1), third(call, 2));
            return a is null || b is null || c is null ? null : new Call3(function, a, b, c, type);
        };

    private static Expression? Text(CallBinder call, int index) => call.Text(index);

    private static Expression? Integer(CallBinder call, int index) => call.Integer(index);

    private static Expression? Time(CallBinder call, int index) => call.Time(index);
}
