using System.Collections.Immutable;
using OrleansClean.Execution;
using OrleansClean.Storage;

namespace OrleansClean.Client;

/// <summary>A command line of the client, cut into words and options.</summary>
internal sealed class ClientWords
{
    private static readonly string[] WithValue = ["cluster", "store", "id", "input", "output", "set"];
    private static readonly string[] Alone = ["no-wait"];
    private readonly Dictionary<string, string> _options = new(StringComparer.Ordinal);

    private ClientWords()
    {
    }

    /// <summary>The words that are no options.</summary>
    public ImmutableArray<string> Positional { get; private set; } = [];

    /// <summary>The plan's parameters.</summary>
    public ImmutableSortedDictionary<string, string> Parameters { get; private set; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Cuts a line; throws <see cref="UsageException"/> for one that is none.</summary>
    public static ClientWords Parse(IReadOnlyList<string> arguments)
    {
        var words = new ClientWords();
        for (var place = 0; place < arguments.Count; place++)
        {
            var word = arguments[place];
            var key = word.StartsWith("--", StringComparison.Ordinal) ? word[2..] : null;
            if (key is null)
            {
                words.Positional = words.Positional.Add(word);
            }
            else if (Alone.Contains(key, StringComparer.Ordinal))
            {
                words._options[key] = "";
            }
            else if (!WithValue.Contains(key, StringComparer.Ordinal))
            {
                throw new UsageException($"'{ObjectName.Show(word)}' is no option. --help lists them.");
            }
            else if (++place == arguments.Count || arguments[place].StartsWith("--", StringComparison.Ordinal))
            {
                throw new UsageException($"{word} lacks its value.");
            }
            else
            {
                words.Add(key, arguments[place]);
            }
        }

        return words;
    }

    public bool Has(string key) => _options.ContainsKey(key);

    public string? Optional(string key) => _options.GetValueOrDefault(key);

    public string Required(string key) => Optional(key) ?? throw new UsageException($"--{key} is missing. --help tells what it is.");

    private void Add(string key, string value)
    {
        if (key != "set")
        {
            _options[key] = value;
            return;
        }

        var equals = value.IndexOf('=', StringComparison.Ordinal);
        Parameters = equals > 0
            ? Parameters.SetItem(value[..equals], value[(equals + 1)..])
            : throw new UsageException($"--set takes KEY=VALUE; '{ObjectName.Show(value)}' has no '='.");
    }
}
