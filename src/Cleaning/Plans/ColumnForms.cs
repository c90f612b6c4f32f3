using static OrleansClean.Cleaning.Plans.PlanNode;

namespace OrleansClean.Cleaning.Plans;

/// <summary>Reads what <c>parse</c> says about one column.</summary>
internal sealed class ColumnForms(PlanProblems problems)
{
    private static readonly ColumnType[] Numbers = [ColumnType.Integer, ColumnType.Number, ColumnType.Decimal];
    private static readonly ColumnType[] Times = [ColumnType.Date, ColumnType.DateTime];

    /// <summary>Keys besides <c>type</c>, and the types that they speak of.</summary>
    private static readonly (string Key, ColumnType[] Types)[] Uses =
    [
        ("formats", Times),
        ("locale", Times),
        ("symbols", Numbers),
        ("decimal", [ColumnType.Number, ColumnType.Decimal]),
        ("thousands", Numbers),
        ("true", [ColumnType.Boolean]),
        ("false", [ColumnType.Boolean]),
    ];

    /// <summary>The column's form; null if the problems say why not.</summary>
    public ColumnParse? Read(Scalar column, PlanNode form)
    {
        var mapping = form as Mapping;
        var typeNode = mapping?.Find("type") ?? form;
        if (!TypeName.TryParse(typeNode.Text(), out var type, out var precision, out var scale))
        {
            return null;
        }

        if (mapping is null)
        {
            return new ColumnParse { Column = column.Column(), Type = type, Precision = precision, Scale = scale };
        }

        var before = problems.Count;
        CheckUses(mapping, type, typeNode.Text());
        var parse = new ColumnParse
        {
            Column = column.Column(),
            Type = type,
            Precision = precision,
            Scale = scale,
            Formats = mapping.TextsOf("formats"),
            Symbols = mapping.TextsOf("symbols"),
            DecimalPoint = mapping.TextOf("decimal") is { } point ? point[0] : '.',
            ThousandsSeparator = mapping.TextOf("thousands") is { } separator ? separator[0] : null,
            TrueWords = mapping.TextsOf("true"),
            FalseWords = mapping.TextsOf("false"),
            Locale = mapping.TextOf("locale") ?? "en",
        };
        CheckForms(mapping, parse);
        return problems.Count == before ? parse : null;
    }

    private void CheckUses(Mapping mapping, ColumnType type, string typeName)
    {
        foreach (var (key, types) in Uses)
        {
            var node = mapping.Entries.FirstOrDefault(e => string.Equals(e.Key.Text, key, StringComparison.Ordinal)).Key;
            if (node is not null && !types.Contains(type))
            {
                var names = types.Select(t => t.ToString().ToLowerInvariant());
                problems.Add(node.At, $"`{key}` means nothing for the type `{typeName}`.", $"It is for {Quoted.Choice(names, "and")}.");
            }
        }
    }

    private void CheckForms(Mapping mapping, ColumnParse parse)
    {
        foreach (var format in Times.Contains(parse.Type) ? mapping.Find("formats")?.Items() ?? [] : [])
        {
            if (!DateForm.TryCompile(format.Text(), parse.Locale, out var form, out var error))
            {
                problems.Add(format.At, $"{Quoted.Text(format.Text())} is no date form.", error);
            }
            else if (form.HasTime && parse.Type == ColumnType.Date)
            {
                problems.Add(format.At, $"{Quoted.Text(format.Text())} reads a time of day, but the type is `date`.", "Use the type `datetime`.");
            }
        }

        if (mapping.Find("thousands") is { } thousands && parse.ThousandsSeparator == parse.DecimalPoint)
        {
            problems.Add(thousands.At, $"`thousands` and `decimal` are both `{parse.DecimalPoint}`.", "Give both keys: `decimal: \",\"` with `thousands: \".\"`.");
        }

        var both = parse.TrueWords.Intersect(parse.FalseWords, StringComparer.OrdinalIgnoreCase).FirstOrDefault();
        if (both is not null)
        {
            problems.Add(mapping.Find("false")!.At, $"{Quoted.Text(both)} would mean both true and false.", "Keep it in one of the two lists.");
        }
    }
}
