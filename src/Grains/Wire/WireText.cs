using System.Globalization;

namespace OrleansClean.Grains.Wire;

/// <summary>Keeps what people read short enough for a message: a plan's problems and a store's excuses have no bound of their own.</summary>
internal static class WireText
{
    /// <summary>Characters of a text that travel. Each takes six bytes at the most.</summary>
    public const int CharactersMax = 8_000;

    /// <summary>The text, or its beginning with its length.</summary>
    public static string Bounded(string text)
    {
        if (text.Length <= CharactersMax)
        {
            return text;
        }

        // Half a pair of surrogates is no text.
        var length = char.IsHighSurrogate(text[CharactersMax - 1]) ? CharactersMax - 1 : CharactersMax;
        return string.Create(CultureInfo.InvariantCulture, $"{text[..length]}… ({text.Length} characters)");
    }
}
