using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace OrleansClean.Cli.Usage;

/// <summary>Options that several commands share: one name, one meaning, one message.</summary>
internal static class CommonOptions
{
    /// <summary><c>-o</c>: the form of what is printed; the first of <paramref name="forms"/> is the default.</summary>
    public static Option<string> Output(params string[] forms) =>
        OneOf("-o", [], $"Print as {Alternatives(forms)}.", forms);

    /// <summary><c>--param k=v</c>, as often as there are parameters.</summary>
    public static Option<string[]> Parameters(string owner = "plan")
    {
        var option = new Option<string[]>("--param")
        {
            Description = $"Give the {owner}'s parameter K the value V. May be repeated.",
            HelpName = "K=V",
            Arity = ArgumentArity.OneOrMore,
            DefaultValueFactory = _ => [],
        };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) <= 0))
            {
                result.AddError($"--param takes NAME=VALUE, not '{token.Value}'.");
            }
        });
        return option;
    }

    /// <summary>The parameters by name; the last one of a name counts.</summary>
    public static IReadOnlyDictionary<string, string> Parameters(ParseResult parsed, Option<string[]> option)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in parsed.GetValue(option) ?? [])
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            parameters[pair[..equals]] = pair[(equals + 1)..];
        }

        return parameters;
    }

    /// <summary>An option that is there or not.</summary>
    public static Option<bool> Flag(string name, string[] aliases, string description) =>
        new(name, aliases) { Description = description, Arity = ArgumentArity.Zero };

    /// <summary>An option that takes one of a few words; the first is the default.</summary>
    public static Option<string> OneOf(string name, string[] aliases, string description, params string[] words)
    {
        var option = new Option<string>(name, aliases)
        {
            Description = $"{description} Default: {words[0]}.",
            HelpName = string.Join('|', words),
            DefaultValueFactory = _ => words[0],
        };
        option.Validators.Add(result =>
        {
            var word = result.Tokens.Count > 0 ? result.Tokens[0].Value : words[0];
            if (!words.Contains(word, StringComparer.Ordinal))
            {
                result.AddError($"{name} takes {Alternatives(words)}, not '{word}'.");
            }
        });
        return option;
    }

    /// <summary>An option whose text is read by <paramref name="read"/>, which gives null for what it cannot read.</summary>
    public static Option<T?> Parsed<T>(string name, string[] aliases, string valueName, string description, string takes, Func<string, T?> read) =>
        new(name, aliases)
        {
            Description = description,
            HelpName = valueName,
            CustomParser = result => ParseOne(result, name, takes, read),
        };

    /// <summary>A whole number of at least one.</summary>
    public static Option<int?> Count(string name, string[] aliases, string description, int countMax) =>
        Parsed<int?>(name, aliases, "N", description, $"a whole number from 1 to {countMax}", text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1 && count <= countMax ? count : null);

    private static T? ParseOne<T>(ArgumentResult result, string name, string takes, Func<string, T?> read)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        var value = read(text);
        if (value is null)
        {
            result.AddError($"{name} takes {takes}, not '{text}'.");
        }

        return value;
    }

    private static string Alternatives(string[] words) => $"{string.Join(", ", words[..^1])} or {words[^1]}";
}
