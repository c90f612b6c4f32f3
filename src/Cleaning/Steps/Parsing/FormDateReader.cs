using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Steps;

/// <summary>
/// Reads dates of the forms that a plan lists, the first that fits. Where two of them could read one text as different
/// days (<c>dd/MM/yyyy</c> and <c>MM/dd/yyyy</c>), the column must prove which of the two orders it has.
/// </summary>
internal sealed class FormDateReader : DateCellReader
{
    private readonly (DateForm Form, DateOrder Order)[] _plain;
    private readonly (DateForm Form, DateOrder Order)[] _contested;

    private FormDateReader(ColumnType type, IReadOnlyList<DateForm> forms)
        : base(type)
    {
        var shapes = forms.Select(form => DateShape.Of(form.Pattern)).ToArray();
        var all = forms.Select((form, i) => (Form: form, shapes[i].Order, IsContested: Array.Exists(shapes, shapes[i].Contests)));
        _contested = [.. all.Where(one => one.IsContested).Select(one => (one.Form, one.Order))];
        _plain = [.. all.Where(one => !one.IsContested).Select(one => (one.Form, one.Order))];
    }

    public override bool NeedsProof => _contested.Length > 0;

    /// <summary>The reader of a column, or null if one of its forms is none; then <paramref name="error"/> says why.</summary>
    public static FormDateReader? For(ColumnParse parse, out string error)
    {
        error = "";
        var forms = new List<DateForm>();
        foreach (var pattern in parse.Formats)
        {
            if (!DateForm.TryCompile(pattern, parse.Locale, out var form, out error))
            {
                return null;
            }

            forms.Add(form);
        }

        return new FormDateReader(parse.Type, forms);
    }

    protected override bool TryReadFixed(ReadOnlySpan<byte> text, out DateTime time)
    {
        foreach (var (form, _) in _plain)
        {
            if (form.TryParse(text, out time))
            {
                return true;
            }
        }

        // The plan's own forms come first: yyyy-dd-MM says what 2019-05-04 is.
        ReadOrders(text, out var readings);
        time = default;
        return readings.Readable == 0 && IsoTime.TryReadDateTime(text, out time);
    }

    protected override void ReadOrders(ReadOnlySpan<byte> text, out DateReadings readings)
    {
        readings = default;
        foreach (var (form, order) in _contested)
        {
            if (form.TryParse(text, out DateTime time))
            {
                readings.Add(order, time);
            }
        }
    }
}
