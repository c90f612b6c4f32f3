using System.Collections.Immutable;
using static OrleansClean.Cleaning.Plans.Shape;

namespace OrleansClean.Cleaning.Plans;

/// <summary>Every verb and modifier of a step: what the loader accepts, the schema offers and the reference tells.</summary>
internal static class VerbCatalog
{
    private static readonly ListOf Columns = new("columns", new Text("a column"));
    private static readonly Either AllOrColumns = new(new OneOf("all"), Columns);

    /// <summary>The keys that may stand beside a verb. <c>if_missing</c> takes a literal too where the verb is <c>derive</c>.</summary>
    public static ImmutableArray<KeyDoc> Modifiers { get; } =
    [
        new("id", new Text("a word of letters, digits, `-`, `_` and `.`", PlanCatalog.NamePattern), "Names the step in the ledger, in rejects and in tests; unique in the plan.") { Default = "the verb" },
        new("note", new Text("a text", MayBeEmpty: true), "A remark for people."),
        new("when", new Shape.Formula(IsCondition: true), "Rows for which this is not true pass the step untouched.") { Default = "every row" },
        new("if_missing", new OneOf("fail", "skip"), "What to do about a column that the header lacks: fail the file, or leave out the step or the part that speaks of it. `derive` also takes a value, which its columns then get.") { Default = "fail" },
        new("on_error", new OneOf("reject", "null", "keep", "fail"), "What to do with a cell that cannot be processed: reject the row, empty the cell, keep the cell, or fail the file.") { Default = "reject" },
        new("on_match", new OneOf("drop", "reject"), "What happens to the other rows of a key: dropped as good rows that a rule removed, or rejected as bad ones.") { Default = "drop" },
        new("on_unmatched", new OneOf("keep", "reject", "null", "fail"), "What happens to a value that the map does not list: it stays, its row is rejected, the cell is emptied, or the file fails.") { Default = "keep" },
        new("across", new OneOf("file"), "The rows that aggregates, keys and whole-column decisions are taken over.") { Default = "file" },
    ];

    /// <summary>The verbs, in the order in which a plan mostly uses them.</summary>
    public static ImmutableArray<VerbDoc> Verbs { get; } =
    [
        new("drop_empty", "Drops rows in which every cell is null or white space.", new OneOf("rows"), "- drop_empty: rows")
            { MayStandAlone = true, Modifiers = ["when", "on_error"] },
        new("normalize_headers", "Gives every column a unique lower_snake name; `map` gives names by hand first.",
            new Keys(new KeyDoc("map", new ByName("header text", new Text("a column name")), "Header text, blanks around it taken off, and the name that it gets.") { IsRequired = true }),
            "- normalize_headers: {map: {Bestell-Nr: order_id}}") { MayStandAlone = true, Modifiers = ["if_missing"] },
        new("rename", "Renames columns.", new ByName("a column", new Text("a new name")), "- rename: {amt: amount}")
            { Modifiers = ["if_missing"] },
        new("select", "Keeps these columns, in this order.", Columns, "- select: [order_id, amount]") { Modifiers = ["if_missing"] },
        new("drop", "Removes these columns.", Columns, "- drop: [internal_note]") { Modifiers = ["if_missing"] },
        new("trim", "Takes white space off both ends of cells.", AllOrColumns, "- trim: all")
            { Modifiers = ["when", "if_missing", "on_error"] },
        new("case", "Changes the letter case of cells.", new ByName("a column", new OneOf("lower", "upper", "title")), "- case: {city: title, code: upper}")
            { Modifiers = ["when", "if_missing", "on_error"], CanFail = true },
        new("replace", "Replaces parts of cells: literal text by column, or a pattern. The column `all` means every column.", Replacements(),
            "- replace: {phone: {\"-\": \"\"}}") { Modifiers = ["when", "if_missing", "on_error"], CanFail = true },
        new("nulls", "Empties cells that are one of these words as a whole.", NullWords(), "- nulls: [N/A, \"-\"]")
            { Modifiers = ["when", "if_missing", "on_error"] },
        new("parse", "Checks that cells are of a type and gives their column that type.", new ByName("a column", ColumnForm()),
            "- parse: {quantity: integer, order_date: {type: date, formats: [dd.MM.yyyy]}}")
            { Modifiers = ["when", "if_missing", "on_error", "across"], CanFail = true },
        new("fill", "Gives null cells a value.", new ByName("a column", new Shape.Literal()), "- fill: {quantity: 1}")
            { Modifiers = ["when", "if_missing", "on_error"] },
        new("map", "Exchanges whole values.", new ByName("a column", new ByName("a value", new Text("a value", MayBeEmpty: true))),
            "- map: {country: {DE: Germany, FR: France}}") { Modifiers = ["when", "if_missing", "on_error", "on_unmatched"] },
        new("filter", "Keeps rows for which the condition is true; drops those for which it is false or null.", new Shape.Formula(IsCondition: true),
            "- filter: value <= 500") { Modifiers = ["when", "if_missing", "on_error", "across"], CanFail = true },
        new("derive", "Makes columns from formulas, in order; a later formula sees the earlier results.", new ByName("a column", new Shape.Formula(IsCondition: false)),
            "- derive:\n    total: round(amount * quantity, 2)") { Modifiers = ["when", "if_missing", "on_error", "across"], CanFail = true },
        new("dedupe", "Keeps one row of each key.", new Either(new Keys(DedupeKeys()), new OneOf("all"), Columns),
            "- dedupe: {by: [order_id, sku], keep: last}") { Modifiers = ["when", "if_missing", "on_error", "on_match", "across"] },
        new("check", "Rejects rows for which a condition is false; null passes.", new ListOf("conditions", new Shape.Formula(IsCondition: true)),
            "- check: quantity > 0") { Modifiers = ["when", "if_missing", "on_error", "across"], CanFail = true },
        new("guard", "Lets no cell and no column's name pass that a spreadsheet would take for a formula. Only steps that choose rows or columns may follow.",
            Guards(), "- guard: formulas") { Modifiers = ["when", "if_missing", "on_error"], CanFail = true },
    ];

    /// <summary>The verb of that name, or null.</summary>
    public static VerbDoc? Find(string name) => Verbs.FirstOrDefault(v => string.Equals(v.Name, name, StringComparison.Ordinal));

    /// <summary>The modifiers of <paramref name="verb"/>, <c>id</c> and <c>note</c> first, with the shapes that it takes.</summary>
    public static IEnumerable<KeyDoc> ModifiersOf(VerbDoc verb) => Modifiers
        .Where(m => m.Name is "id" or "note" || verb.Modifiers.Contains(m.Name, StringComparer.Ordinal))
        .Select(m => m.Name is "if_missing" && verb.Name is "derive"
            ? m with { Shape = new Either(m.Shape, new Shape.Literal()) }
            : m);

    private static Either Replacements() => new(
        new Keys(
            new KeyDoc("columns", AllOrColumns, "Where to replace.") { IsRequired = true },
            new KeyDoc("pattern", new Text("a pattern"), "A non-backtracking regular expression.") { IsRequired = true },
            new KeyDoc("with", new Text("a text", MayBeEmpty: true), "What stands there instead; `$1` is the first group.") { IsRequired = true }),
        new ByName("a column", new ByName("a text", new Text("its replacement", MayBeEmpty: true))));

    private static Either NullWords()
    {
        var words = new ListOf("words", new Text("a word"));
        return new Either(
            new Keys(
                new KeyDoc("words", words, "Whole cells after trimming, exact.") { IsRequired = true },
                new KeyDoc("columns", AllOrColumns, "Where to look.") { Default = "all" }),
            words);
    }

    private static Either Guards() => new(
        new Keys(
            new KeyDoc("formulas", new OneOf("neutralise", "reject"), "`neutralise` puts `'` in front of them; `reject` rejects the row of such a cell and fails the file of such a name.") { IsRequired = true },
            new KeyDoc("columns", AllOrColumns, "Where to look.") { Default = "all" }),
        new OneOf("formulas"));

    private static Either ColumnForm() => new(
        new Shape.Type(),
        new Keys(
            new KeyDoc("type", new Shape.Type(), "The column's type.") { IsRequired = true },
            new KeyDoc("formats", new ListOf("date forms", new Text("a date form such as `dd.MM.yyyy`")), "For dates: the forms, tried in order.") { Default = "ISO 8601, and day, month and year in an order that the column proves" },
            new KeyDoc("symbols", new ListOf("signs", new Text("a sign")), "For numbers: currency signs and units that may stand before or behind."),
            new KeyDoc("decimal", new OneOf(".", ","), "For numbers: the decimal point.") { Default = "." },
            new KeyDoc("thousands", new Text("one character", "^[., '_\u00a0\u202f\u2019]$"), "For numbers: the separator between groups of three digits.") { Default = "none" },
            new KeyDoc("true", new ListOf("words", new Text("a word")), "For booleans: words that mean true.") { Default = "true" },
            new KeyDoc("false", new ListOf("words", new Text("a word")), "For booleans: words that mean false.") { Default = "false" },
            new KeyDoc("locale", new OneOf([.. MonthNames.Locales]), "For dates: the language of month names.") { Default = "en" }));

    private static ImmutableArray<KeyDoc> DedupeKeys() =>
    [
        new("by", AllOrColumns, "The columns of the key.") { IsRequired = true },
        new("keep", new OneOf("first", "last"), "Which row of a key stays.") { Default = "first" },
    ];
}
