using System.Collections.Immutable;

namespace OrleansClean.Cleaning.Plans;

/// <summary>What a step does with a cell or row that it cannot process.</summary>
public enum OnError
{
    /// <summary>The row is rejected.</summary>
    Reject,

    /// <summary>The cell becomes empty.</summary>
    Null,

    /// <summary>The cell stays as it was.</summary>
    Keep,

    /// <summary>The file fails.</summary>
    Fail,
}

/// <summary>What a <c>map</c> does with a value that it does not list (<c>on_unmatched</c>).</summary>
public enum OnUnmatched
{
    /// <summary>The cell stays as it was.</summary>
    Keep,

    /// <summary>The row is rejected with <c>unmapped-value</c>.</summary>
    Reject,

    /// <summary>The cell becomes empty.</summary>
    Null,

    /// <summary>The file fails.</summary>
    Fail,
}

/// <summary>What <c>dedupe</c> and <c>filter</c> do with a row that they match (<c>on_match</c>).</summary>
public enum OnMatch
{
    /// <summary>The row is dropped: a rule removed a good row.</summary>
    Drop,

    /// <summary>The row is rejected.</summary>
    Reject,
}

/// <summary>What a step does about a column that the header lacks.</summary>
/// <param name="Skip">Leave the step, or the part that speaks of the column, out.</param>
/// <param name="Literal">With <c>derive</c>: the value that the derived columns get instead.</param>
public sealed record IfMissing(bool Skip, Literal? Literal)
{
    /// <summary>The file fails with <c>missing-label</c>: the default.</summary>
    public static IfMissing Fail { get; } = new(false, null);
}

/// <summary>Which columns a step speaks of, in the plan's words.</summary>
/// <param name="All">Every column.</param>
/// <param name="Names">The named columns; empty if <paramref name="All"/>.</param>
public sealed record ColumnChoice(bool All, ImmutableArray<ColumnName> Names);

/// <summary>A column's name with the place where the plan says it.</summary>
public sealed record ColumnName(string Name, SourcePosition At);

/// <summary>One step of a plan: a verb with its argument and modifiers.</summary>
public abstract record Step
{
    private protected Step()
    {
    }

    /// <summary>The verb, as written in plans.</summary>
    public abstract string Verb { get; }

    /// <summary>The id: unique in the plan, the verb by default.</summary>
    public required string Id { get; init; }

    /// <summary>Where in the plan the step begins.</summary>
    public SourcePosition At { get; init; }

    /// <summary>The author's remark, or null.</summary>
    public string? Note { get; init; }

    /// <summary>Rows for which this is not true pass the step untouched; null for all rows.</summary>
    public Formula? When { get; init; }

    /// <summary>What to do about a column that the header lacks.</summary>
    public IfMissing IfMissing { get; init; } = IfMissing.Fail;

    /// <summary>What to do with a cell or row that cannot be processed.</summary>
    public OnError OnError { get; init; }

    /// <summary><c>drop_empty: rows</c>: drops rows in which every cell is null or white space.</summary>
    public sealed record DropEmpty : Step
    {
        /// <inheritdoc />
        public override string Verb => "drop_empty";
    }

    /// <summary><c>normalize_headers</c>: unique lower_snake names; <see cref="Names"/> gives names by hand first.</summary>
    public sealed record NormalizeHeaders : Step
    {
        /// <inheritdoc />
        public override string Verb => "normalize_headers";

        /// <summary>Header text (trimmed) → column name.</summary>
        public ImmutableArray<(ColumnName From, string To)> Names { get; init; } = [];
    }

    /// <summary><c>rename: {old: new}</c>.</summary>
    public sealed record Rename : Step
    {
        /// <inheritdoc />
        public override string Verb => "rename";

        /// <summary>Old name → new name.</summary>
        public required ImmutableArray<(ColumnName From, string To)> Names { get; init; }
    }

    /// <summary><c>select: [a, b]</c>: these columns, in this order.</summary>
    public sealed record Select : Step
    {
        /// <inheritdoc />
        public override string Verb => "select";

        /// <summary>The columns that stay.</summary>
        public required ImmutableArray<ColumnName> Columns { get; init; }
    }

    /// <summary><c>drop: [a, b]</c>: without these columns.</summary>
    public sealed record Drop : Step
    {
        /// <inheritdoc />
        public override string Verb => "drop";

        /// <summary>The columns that go.</summary>
        public required ImmutableArray<ColumnName> Columns { get; init; }
    }

    /// <summary><c>trim: all</c> or <c>trim: [a, b]</c>: white space off both ends.</summary>
    public sealed record Trim : Step
    {
        /// <inheritdoc />
        public override string Verb => "trim";

        /// <summary>The columns to trim.</summary>
        public required ColumnChoice Columns { get; init; }
    }

    /// <summary><c>case: {city: title, code: upper}</c>.</summary>
    public sealed record Case : Step
    {
        /// <inheritdoc />
        public override string Verb => "case";

        /// <summary>Column → letter case.</summary>
        public required ImmutableArray<(ColumnName Column, LetterCase Case)> Columns { get; init; }
    }

    /// <summary><c>replace: {phone: {"-": ""}}</c>: parts of a cell's text, literal or by pattern.</summary>
    public sealed record Replace : Step
    {
        /// <inheritdoc />
        public override string Verb => "replace";

        /// <summary>What is replaced where, in order.</summary>
        public required ImmutableArray<Replacement> Replacements { get; init; }
    }

    /// <summary><c>nulls: {words: [N/A, "-"], columns: [a]}</c>: these words, as whole cells, become empty.</summary>
    public sealed record Nulls : Step
    {
        /// <inheritdoc />
        public override string Verb => "nulls";

        /// <summary>The words: whole cell after trimming, exact.</summary>
        public required ImmutableArray<string> Words { get; init; }

        /// <summary>The columns to look at.</summary>
        public required ColumnChoice Columns { get; init; }
    }

    /// <summary><c>parse: {amount: decimal(12,2)}</c>: checks and types columns.</summary>
    public sealed record Parse : Step
    {
        /// <inheritdoc />
        public override string Verb => "parse";

        /// <summary>Column → type and form.</summary>
        public required ImmutableArray<ColumnParse> Columns { get; init; }
    }

    /// <summary><c>fill: {quantity: 1}</c>: null cells get a literal.</summary>
    public sealed record Fill : Step
    {
        /// <inheritdoc />
        public override string Verb => "fill";

        /// <summary>Column → value for null cells.</summary>
        public required ImmutableArray<(ColumnName Column, Literal Value)> Columns { get; init; }
    }

    /// <summary><c>map: {country: {DE: Germany}}</c>: whole values to whole values.</summary>
    public sealed record Map : Step
    {
        /// <inheritdoc />
        public override string Verb => "map";

        /// <summary>Column → (from → to); keys are whole cells, exact.</summary>
        public required ImmutableArray<(ColumnName Column, ImmutableArray<(string From, string To)> Entries)> Columns { get; init; }

        /// <summary>What happens to a value that is not listed; nulls are left alone.</summary>
        public OnUnmatched OnUnmatched { get; init; }
    }

    /// <summary><c>filter: value &lt;= 500</c>: keeps rows for which the condition is true.</summary>
    public sealed record Filter : Step
    {
        /// <inheritdoc />
        public override string Verb => "filter";

        /// <summary>The condition.</summary>
        public required Formula Condition { get; init; }
    }

    /// <summary><c>derive: {total: amount * quantity}</c>: new columns, or new values for old ones.</summary>
    public sealed record Derive : Step
    {
        /// <inheritdoc />
        public override string Verb => "derive";

        /// <summary>Column → formula, in order; a later one sees the earlier ones' results.</summary>
        public required ImmutableArray<(ColumnName Column, Formula Formula)> Columns { get; init; }
    }

    /// <summary><c>dedupe: {by: [id], keep: first}</c>: one row per key, within a file.</summary>
    public sealed record Dedupe : Step
    {
        /// <inheritdoc />
        public override string Verb => "dedupe";

        /// <summary>The key's columns.</summary>
        public required ColumnChoice By { get; init; }

        /// <summary>True to keep the last row of a key, false the first.</summary>
        public bool KeepLast { get; init; }

        /// <summary>What happens to the other rows of the key.</summary>
        public OnMatch OnMatch { get; init; }
    }

    /// <summary><c>check: quantity &gt; 0</c>: rows that break a condition are rejected, here and not at the end.</summary>
    public sealed record Check : Step
    {
        /// <inheritdoc />
        public override string Verb => "check";

        /// <summary>The conditions, all of which must be true or null.</summary>
        public required ImmutableArray<Formula> Conditions { get; init; }
    }

    /// <summary><c>guard: formulas</c>: no cell that a spreadsheet takes for a formula goes on.</summary>
    public sealed record Guard : Step
    {
        /// <inheritdoc />
        public override string Verb => "guard";

        /// <summary>The columns to look at, their names included.</summary>
        public required ColumnChoice Columns { get; init; }

        /// <summary>True to reject the rows of such cells, false to neutralise the cells.</summary>
        public bool Rejects { get; init; }
    }
}

/// <summary>Letter cases.</summary>
public enum LetterCase
{
    /// <summary>lower case.</summary>
    Lower,

    /// <summary>UPPER CASE.</summary>
    Upper,

    /// <summary>Title Case: the first letter of every word upper, the rest lower.</summary>
    Title,
}

/// <summary>One replacement in one choice of columns.</summary>
/// <param name="Columns">Where.</param>
/// <param name="Find">Literal text, or a pattern.</param>
/// <param name="With">What stands there instead; with a pattern <c>$1</c> is its first group.</param>
/// <param name="IsPattern">True if <paramref name="Find"/> is a non-backtracking pattern.</param>
/// <param name="At">Where in the plan this stands.</param>
public sealed record Replacement(ColumnChoice Columns, string Find, string With, bool IsPattern, SourcePosition At);

/// <summary>How one column is read by <c>parse</c>.</summary>
public sealed record ColumnParse
{
    /// <summary>The column.</summary>
    public required ColumnName Column { get; init; }

    /// <summary>The type it gets; never <see cref="ColumnType.Untyped"/>.</summary>
    public required ColumnType Type { get; init; }

    /// <summary>For <c>decimal(p,s)</c>: the digits in all; 28 if not given.</summary>
    public int Precision { get; init; } = 28;

    /// <summary>For <c>decimal(p,s)</c>: digits behind the point; a cell with more is an error, never rounded. Null: as written.</summary>
    public int? Scale { get; init; }

    /// <summary>Date forms in Unicode letters (<c>dd.MM.yyyy</c>), tried in order; empty: ISO, and day/month/year in an order that the column proves.</summary>
    public ImmutableArray<string> Formats { get; init; } = [];

    /// <summary>For numbers: currency signs and units that may stand before or behind.</summary>
    public ImmutableArray<string> Symbols { get; init; } = [];

    /// <summary>For numbers: the decimal point, <c>.</c> unless given.</summary>
    public char DecimalPoint { get; init; } = '.';

    /// <summary>For numbers: the thousands separator, or null for none.</summary>
    public char? ThousandsSeparator { get; init; }

    /// <summary>For booleans: words that mean true, without regard to ASCII case.</summary>
    public ImmutableArray<string> TrueWords { get; init; } = [];

    /// <summary>For booleans: words that mean false, without regard to ASCII case.</summary>
    public ImmutableArray<string> FalseWords { get; init; } = [];

    /// <summary>Language of month names, such as <c>en</c> or <c>de</c>.</summary>
    public string Locale { get; init; } = "en";
}
