using System.Collections.Immutable;
using static OrleansClean.Cleaning.Plans.Shape;

namespace OrleansClean.Cleaning.Plans;

/// <summary>Every key of a plan outside of its steps.</summary>
internal static class PlanCatalog
{
    /// <summary>Names of plans and ids of steps: they become parts of file names.</summary>
    public const string NamePattern = "^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$";

    /// <summary>Names of parameters: what <c>${…}</c> can hold.</summary>
    public const string ParameterPattern = "^[A-Za-z_][A-Za-z0-9_]{0,63}$";

    private static readonly Text Glob = new("a path or glob");

    /// <summary>The keys of <c>read</c>.</summary>
    public static Keys Read { get; } = new(
        new KeyDoc("files", new ListOf("paths or globs", Glob), "Inputs, relative to the plan.") { Default = "the files of the command line" },
        new KeyDoc("exclude", new ListOf("paths or globs", Glob), "Inputs to leave out."),
        new KeyDoc("encoding", new OneOf("utf-8", "utf-16", "utf-16le", "utf-16be", "windows-1252"), "How bytes become text.") { Default = "detected" },
        new KeyDoc("delimiter", new Text("`tab`, `comma`, `semicolon`, `pipe`, `space` or the text itself"), "What stands between fields.") { Default = "detected" },
        new KeyDoc("quote", new Text("one character, or `none`", MayBeEmpty: true), "What stands around a field that holds a delimiter.") { Default = "detected" },
        new KeyDoc("escape", new Text("one character"), "What stands before a quote inside quotes.") { Default = "the quote doubled" },
        new KeyDoc("comment", new Text("one character"), "What begins a line that is no record.") { Default = "none" },
        new KeyDoc("header", new Either(new OneOf("false"), new Number(1, 1_000_000)), "The line of the header from one; `false` if there is none.") { Default = "detected" },
        new KeyDoc("columns", new ListOf("names", new Text("a name")), "Names that replace the header's, or stand for it."),
        new KeyDoc("nulls", new ListOf("words", new Text("a word", MayBeEmpty: true), MayBeEmpty: true), "Words that mean null besides the empty cell: whole cell, exact."));

    /// <summary>One item of <c>expect</c>.</summary>
    public static Keys Expectation { get; } = new(
        new KeyDoc("check", new Shape.Formula(IsCondition: true), "The condition; a row breaks it if it is false, null passes.") { IsRequired = true },
        new KeyDoc("severity", new OneOf("error", "warn"), "`error` rejects the row, `warn` counts it.") { Default = "error" },
        new KeyDoc("scope", new OneOf("row", "batch"), "`batch` speaks of totals: `rows_in rows_out rejected dropped files failed`.") { Default = "row" },
        new KeyDoc("message", new Text("a text"), "What a reject says, instead of the condition."));

    /// <summary>The keys of <c>write</c>.</summary>
    public static Keys Write { get; } = new(
        new KeyDoc("to", new Text("a name such as `out/{name}.csv`"), "The outputs' name, relative to the plan: text with `{name} {ext} {dir} {plan} {batch} {date} {param.x}`.") { IsRequired = true },
        new KeyDoc("combine", new Flag(), "All inputs into one output, in the order of their names.") { Default = "false" },
        new KeyDoc("file_column", new Flag(), "With `combine`: a first column `_file` that names the input.") { Default = "false" },
        new KeyDoc("newline", new OneOf("lf", "crlf"), "The line end.") { Default = "lf" },
        new KeyDoc("bom", new Flag(), "A UTF-8 byte order mark first.") { Default = "false" },
        new KeyDoc("quoting", new OneOf("keep", "minimal", "all"), "`keep` leaves unchanged fields their bytes; `minimal` quotes only where a field must be; `all` quotes every field.") { Default = "keep" });

    /// <summary>The keys of <c>run</c>.</summary>
    public static Keys Run { get; } = new(
        new KeyDoc("max_rejects", new Text("a count such as `500` or a share such as `2%`", "^([0-9]{1,15}|[0-9]{1,3}(\\.[0-9]{1,6})?%)$"), "Rejected rows allowed in the whole batch; beyond it nothing is published.") { Default = "no limit" },
        new KeyDoc("file_timeout", new Time(), "Time for one file.") { Default = "no limit" },
        new KeyDoc("timeout", new Time(), "Time for the batch.") { Default = "no limit" },
        new KeyDoc("retries", new Number(0, 100), "Attempts after the first, for failures that may pass.") { Default = "3" },
        new KeyDoc("publish", new OneOf("each", "together"), "Publish each output when it is ready, or all when all are and the limits hold.") { Default = "each" });

    /// <summary>One item of <c>tests</c>.</summary>
    public static Keys Test { get; } = new(
        new KeyDoc("name", new Text("a text"), "What the example shows.") { IsRequired = true },
        new KeyDoc("given", new Text("the text of an input", MayBeEmpty: true), "The input.") { IsRequired = true },
        new KeyDoc("expect", new Text("the text of the output", MayBeEmpty: true), "The output.") { IsRequired = true },
        new KeyDoc("dropped", new ByName("a step's id", new Number(0, int.MaxValue)), "Rows dropped, by step.") { Default = "not compared" },
        new KeyDoc("rejected", new ByName("a code", new Number(0, int.MaxValue)), "Rows rejected, by code.") { Default = "not compared" });

    /// <summary>The plan itself; <c>steps</c> are described by the verbs.</summary>
    public static ImmutableArray<KeyDoc> Plan { get; } =
    [
        new("plan", new OneOf("1"), "The version of the format.") { IsRequired = true },
        new("name", new Text("a name of letters, digits, `-`, `_` and `.`", NamePattern), "The plan's name; part of batch ids.") { IsRequired = true },
        new("about", new Text("a text"), "What the plan is for."),
        new("params", new ByName("a name", new Shape.Literal()), "Values that formulas use as `${name}` and names as `{param.name}`; `--param` overrules them."),
        new("read", Read, "How inputs are found and read; what is not written is detected.") { Default = "detection" },
        new("steps", new ListOf("steps", new Text("a step"), MayBeEmpty: true), "What is done with each row, in this order."),
        new("expect", new ListOf("conditions", new Either(new Shape.Formula(IsCondition: true), Expectation), MayBeEmpty: true), "What must hold for every row after the last step."),
        new("write", new Either(new Text("a name such as `out/{name}.csv`"), Write), "Where outputs go and how they are written.") { IsRequired = true },
        new("run", Run, "How the batch is run; never changes an output's bytes."),
        new("tests", new ListOf("tests", Test, MayBeEmpty: true), "Examples that `orleansclean plan test` runs."),
    ];
}
