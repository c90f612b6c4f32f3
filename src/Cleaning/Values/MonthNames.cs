using System.Collections.Frozen;

namespace OrleansClean.Cleaning;

/// <summary>
/// Names of months by language. They are ours and versioned with the output: the runtime's differ between systems and
/// releases, and the same plan must give the same bytes everywhere.
/// </summary>
internal static class MonthNames
{
    private static readonly FrozenDictionary<string, Names> ByLocale = new Dictionary<string, Names>(StringComparer.Ordinal)
    {
        ["en"] = new(
            "January February March April May June July August September October November December",
            "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
        ["de"] = new(
            "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
            "Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez"),
        ["fr"] = new(
            "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
            "janv févr mars avr mai juin juil août sept oct nov déc"),
        ["es"] = new(
            "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
            "ene feb mar abr may jun jul ago sept oct nov dic"),
        ["it"] = new(
            "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
            "gen feb mar apr mag giu lug ago set ott nov dic"),
        ["pt"] = new(
            "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
            "jan fev mar abr mai jun jul ago set out nov dez"),
        ["nl"] = new(
            "januari februari maart april mei juni juli augustus september oktober november december",
            "jan feb mrt apr mei jun jul aug sep okt nov dec"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // Other short names in use, read but never written.
    private static readonly FrozenDictionary<(string Locale, string Name), int> Alternatives =
        new Dictionary<(string, string), int>
        {
            [("en", "sept")] = 9,
            [("de", "jän")] = 1,
            [("de", "mrz")] = 3,
            [("de", "märz")] = 3,
            [("de", "juni")] = 6,
            [("de", "juli")] = 7,
            [("de", "sept")] = 9,
            [("es", "sep")] = 9,
            [("es", "set")] = 9,
            [("fr", "jan")] = 1,
            [("fr", "fév")] = 2,
            [("fr", "jui")] = 6,
            [("fr", "sep")] = 9,
            [("it", "sett")] = 9,
        }.ToFrozenDictionary();

    /// <summary>The languages that have names, in the order of the alphabet.</summary>
    public static IEnumerable<string> Locales => ByLocale.Keys.Order(StringComparer.Ordinal);

    /// <summary>True if there are names for <paramref name="locale"/>.</summary>
    public static bool IsKnown(string locale) => ByLocale.ContainsKey(locale);

    /// <summary>The twelve full names.</summary>
    public static string[] Full(string locale) => ByLocale[locale].Full;

    /// <summary>The twelve short names, without a dot behind.</summary>
    public static string[] Short(string locale) => ByLocale[locale].Short;

    /// <summary>Short names that are read besides <see cref="Short"/>, in lower case, with the month from one.</summary>
    public static IEnumerable<(string Name, int Month)> AlsoRead(string locale) =>
        Alternatives.Where(entry => string.Equals(entry.Key.Locale, locale, StringComparison.Ordinal)).Select(entry => (entry.Key.Name, entry.Value));

    private sealed class Names(string full, string abbreviated)
    {
        public string[] Full { get; } = full.Split(' ');

        public string[] Short { get; } = abbreviated.Split(' ');
    }
}
