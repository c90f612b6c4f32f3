using System.Collections.Immutable;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>Functions of text.</summary>
internal static partial class FunctionCatalog
{
    private static ImmutableArray<Function> TextEntries() =>
    [
        Entry("lower(text)", "All letters small.", "lower(city)", "city=KÖLN", "köln",
            Of(Text, TextFunctions.Lower, ColumnType.Text)),
        Entry("upper(text)", "All letters capital; ß stays ß.", "upper(city)", "city=Köln", "KÖLN",
            Of(Text, TextFunctions.Upper, ColumnType.Text)),
        Entry("title(text)", "The first letter of every word capital, the others small.", "title(name)", "name=ANNA o'NEIL-smith", "Anna O'neil-Smith",
            Of(Text, TextFunctions.Title, ColumnType.Text)),
        Entry("trim(text)", "Without white space at both ends.", "trim(name)", "name=  Anna ", "Anna",
            Of(Text, TextFunctions.Trim, ColumnType.Text)),
        Entry("ltrim(text)", "Without white space at the beginning.", "concat(ltrim(name), '.')", "name=  Anna ", "Anna .",
            Of(Text, TextFunctions.TrimStart, ColumnType.Text)),
        Entry("rtrim(text)", "Without white space at the end.", "concat('.', rtrim(name))", "name= Anna  ", ". Anna",
            Of(Text, TextFunctions.TrimEnd, ColumnType.Text)),
        Entry("length(text)", "How many characters (Unicode code points) it has.", "length(city)", "city=Köln", "4",
            Of(Text, TextFunctions.Length, ColumnType.Integer)),
        Entry("substr(text, start[, length])", "Characters from `start`, counted from 1, to the end or as many as `length` says.", "substr(code, 2, 3)", "code=ABCDEF", "BCD",
            call => call.Count == 2
                ? Of(Text, Integer, TextFunctions.From, ColumnType.Text)(call)
                : Of(Text, Integer, Integer, TextFunctions.Part, ColumnType.Text)(call)),
        Entry("left(text, n)", "The first `n` characters.", "left(code, 2)", "code=ABCDEF", "AB",
            Of(Text, Integer, TextFunctions.Left, ColumnType.Text)),
        Entry("right(text, n)", "The last `n` characters.", "right(code, 2)", "code=ABCDEF", "EF",
            Of(Text, Integer, TextFunctions.Right, ColumnType.Text)),
        Entry("replace(text, find, with)", "Every `find` becomes `with`; letters must agree exactly.", "replace(phone, '-', '')", "phone=030-12-34", "0301234",
            Of(Text, Text, Text, TextFunctions.Replace, ColumnType.Text)),
        Entry("concat(a, b, …)", "All of them behind one another; null if one is null (see `coalesce`).", "concat(first, ' ', last)", "first=Anna; last=Blum", "Anna Blum",
            BindConcat),
        Entry("repeat(text, n)", "The text `n` times.", "repeat('ab', 3)", "", "ababab",
            Of(Text, Integer, TextFunctions.Repeat, ColumnType.Text)),
        Entry("contains(text, part)", "Whether `part` stands somewhere in it.", "contains(note, 'urgent')", "note=very urgent!", "true",
            Of(Text, Text, TextFunctions.Contains, ColumnType.Boolean)),
        Entry("starts_with(text, part)", "Whether it begins with `part`.", "starts_with(code, 'DE')", "code=DE-7", "true",
            Of(Text, Text, TextFunctions.StartsWith, ColumnType.Boolean)),
        Entry("ends_with(text, part)", "Whether it ends with `part`.", "ends_with(file, '.csv')", "file=a.csv.gz", "false",
            Of(Text, Text, TextFunctions.EndsWith, ColumnType.Boolean)),
        Entry("pad_left(text, length[, pad])", "Filled up at the left with blanks, or with the one character `pad`, to `length` characters.", "pad_left(zip, 5, '0')", "zip=501", "00501",
            call => BindPad(call, TextFunctions.PadLeft)),
        Entry("pad_right(text, length[, pad])", "Filled up at the right, as `pad_left` at the left.", "pad_right(code, 4, '.')", "code=AB", "AB..",
            call => BindPad(call, TextFunctions.PadRight)),
        Entry("split_part(text, separator, n)", "The `n`-th part, counted from 1, between separators; null if there are fewer.", "split_part(path, '/', 2)", "path=a/b/c", "b",
            Of(Text, Text, Integer, TextFunctions.SplitPart, ColumnType.Text)),
        Entry("regex_extract(text, pattern[, group])", "The first match of a pattern, or one of its groups; null if there is none.", "regex_extract(note, '([0-9]+) kg', 1)", "note=about 25 kg net", "25",
            call => call.Text(0) is { } text ? new PatternExtract(text, (PatternCall)call.Prepared!) : null) with { Prepare = PatternCall.PrepareExtract },
        Entry("regex_replace(text, pattern, with)", "Every match of a pattern becomes `with`; `$1` is its first group, `$0` all of it, `$$` a dollar.", "regex_replace(name, '([A-Z])[a-z]+ ', '$1. ')", "name=Anna Blum", "A. Blum",
            call => call.Text(0) is { } text ? new PatternReplace(text, (PatternCall)call.Prepared!) : null) with { Prepare = PatternCall.PrepareReplace },
        Entry("to_text(x)", "The plain text of anything.", "concat(to_text(1 + 1), ' pieces')", "", "2 pieces",
            call => call.Text(0)),
    ];

    private static Expression? BindConcat(CallBinder call)
    {
        var operands = Enumerable.Range(0, call.Count).Select(call.Text).ToArray();
        return operands.Any(operand => operand is null) ? null : new Concatenation(operands!);
    }

    private static Call3? BindPad(CallBinder call, Function3 pad)
    {
        var (text, length) = (call.Text(0), call.Integer(1));
        var with = call.Count == 3 ? call.Text(2) : new ConstantNode(Value.Text([(byte)' ']), ColumnType.Text);
        return text is null || length is null || with is null ? null : new Call3(pad, text, length, with, ColumnType.Text);
    }
}
