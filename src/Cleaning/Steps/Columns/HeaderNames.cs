using System.Text;

namespace OrleansClean.Cleaning.Steps;

/// <summary>The names that <c>normalize_headers</c> gives.</summary>
internal static class HeaderNames
{
    /// <summary>
    /// A name for every label. <paramref name="byHand"/> holds the names that the plan gives (null where it gives none):
    /// they are taken first and as they are. The others become lower_snake; blank ones <c>column_N</c>; a repeated one gets
    /// <c>_2</c>, <c>_3</c> and so on until it is unique.
    /// </summary>
    public static string[] Normalize(IReadOnlyList<string> labels, IReadOnlyList<string?> byHand)
    {
        var names = new string[labels.Count];
        var taken = new HashSet<string>(byHand.OfType<string>(), StringComparer.Ordinal);
        var nextByName = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < labels.Count; i++)
        {
            names[i] = byHand[i] ?? Unique(Snake(labels[i], i), taken, nextByName);
        }

        return names;
    }

    /// <summary>Lower case; every run of characters that are neither letters nor digits is one <c>_</c>, none at the ends.</summary>
    private static string Snake(string label, int index)
    {
        var name = new StringBuilder(label.Length);
        var isGap = false;
        foreach (var rune in label.EnumerateRunes())
        {
            if (!IsPartOfWord(rune))
            {
                isGap = true;
                continue;
            }

            if (isGap && name.Length > 0)
            {
                name.Append('_');
            }

            isGap = false;
            name.Append(Rune.ToLowerInvariant(rune));
        }

        return name.Length > 0 ? name.ToString() : $"column_{index + 1}";
    }

    // Marks belong to the letter before them: without them a decomposed "Größe" would fall apart.
    private static bool IsPartOfWord(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune)
        is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark;

    private static string Unique(string name, HashSet<string> taken, Dictionary<string, int> nextByName)
    {
        if (taken.Add(name))
        {
            return name;
        }

        // Where the last search for this name ended: a thousand equal labels are not a million look-ups.
        var next = nextByName.GetValueOrDefault(name, 2);
        while (!taken.Add($"{name}_{next}"))
        {
            next++;
        }

        nextByName[name] = next + 1;
        return $"{name}_{next}";
    }
}
