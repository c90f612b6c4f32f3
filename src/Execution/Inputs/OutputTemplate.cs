using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Inputs;

/// <summary>
/// Where outputs go: <c>out/sales/{name}.csv</c> has the folder <c>out/sales</c>, which is the output root, and the
/// template <c>{name}.csv</c> below it.
/// </summary>
internal sealed class OutputTemplate
{
    private readonly Plan _plan;
    private readonly string _batchId;
    private readonly string _date;

    /// <summary>The template of <paramref name="plan"/>, below <paramref name="baseFolder"/>.</summary>
    public OutputTemplate(Plan plan, string baseFolder, string batchId, DateTime now)
    {
        _plan = plan;
        _batchId = batchId;
        _date = now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var to = plan.Write.To.Replace('\\', '/');
        var brace = to.IndexOf('{', StringComparison.Ordinal);
        var slash = to.LastIndexOf('/', (brace < 0 ? to.Length : brace) - 1 is var last and >= 0 ? last : 0);
        Folder = slash < 0 ? "" : slash == 0 ? "/" : to[..slash];
        Inner = to[(slash + 1)..];
        Root = StoreAddress.Is(baseFolder)
            ? StoreAddress.Join(baseFolder, Folder)
            : Path.GetFullPath(Folder.Length == 0 ? "." : Folder, Path.GetFullPath(baseFolder));
    }

    /// <summary>The output root, as the plan writes it; empty if outputs go where the plan is.</summary>
    public string Folder { get; }

    /// <summary>The output root, a full path or an address.</summary>
    public string Root { get; }

    /// <summary>The template below the root.</summary>
    public string Inner { get; }

    /// <summary>An output's name below the root.</summary>
    public ObjectName NameFor(FoundInput input)
    {
        var text = Fill(placeholder => placeholder switch
        {
            "name" => StemOf(input.Name),
            "ext" => ExtensionOf(input.Name),
            "dir" => input.Folder,
            "plan" => _plan.Name,
            "batch" => _batchId,
            "date" => _date,
            _ => ParameterOf(placeholder),
        });

        // An empty {dir} leaves an empty part behind.
        var name = string.Join('/', text.Split('/').Where(part => part.Length != 0));
        if (!ObjectName.TryParse(name, out var output, out var reason) || name.StartsWith(".orleansclean", StringComparison.OrdinalIgnoreCase))
        {
            throw new UsageException(ObjectName.Show(
                $"{input.Name} would be written to {PathOf(name)}, and that name cannot be used: {reason ?? "it is kept for the state of batches"}. Change write: in the plan."));
        }

        return output;
    }

    /// <summary>An output's path as the plan writes it, for people and reports.</summary>
    public string PathOf(string name) => Folder switch
    {
        "" => name,
        "/" => "/" + name,
        _ => $"{Folder}/{name}",
    };

    /// <summary>
    /// Matches every name below the root that this template can make, whatever the input is called. Fixed parts and
    /// parameters stand as they are.
    /// </summary>
    public Regex ToPattern()
    {
        var pattern = new StringBuilder("^");
        foreach (var piece in Pieces())
        {
            pattern.Append(piece switch
            {
                { IsPlaceholder: false } => Regex.Escape(piece.Text),
                { Text: "dir", IsFolder: true } => "(?:.+/)?",
                { Text: "dir" } => ".*",
                { Text: "name" or "ext" or "batch" or "date" } => "[^/]*",
                { Text: "plan" } => Regex.Escape(_plan.Name),
                _ => Regex.Escape(ParameterOf(piece.Text)),
            });
        }

        return new Regex(pattern.Append('$').ToString(), RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture, Regex.InfiniteMatchTimeout);
    }

    /// <summary>The file's name without <c>.gz</c> and the last extension.</summary>
    public static string StemOf(string name)
    {
        var file = BareFile(name);
        var dot = file.LastIndexOf('.');
        return dot <= 0 ? file : file[..dot];
    }

    private static string ExtensionOf(string name)
    {
        var file = BareFile(name);
        var dot = file.LastIndexOf('.');
        return dot <= 0 ? "" : file[(dot + 1)..];
    }

    private static string BareFile(string name)
    {
        var file = name[(name.LastIndexOf('/') + 1)..];
        return file.Length > 3 && file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? file[..^3] : file;
    }

    private string ParameterOf(string placeholder)
    {
        const string prefix = "param.";
        return placeholder.StartsWith(prefix, StringComparison.Ordinal) && _plan.Parameters.TryGetValue(placeholder[prefix.Length..], out var value)
            ? value.Written
            : throw new UsageException(
                $"write: has the placeholder {{{placeholder}}}. There are {{name}}, {{ext}}, {{dir}}, {{plan}}, {{batch}}, {{date}} and {{param.x}} for a parameter x of the plan.");
    }

    private string Fill(Func<string, string> value) =>
        string.Concat(Pieces().Select(piece => piece.IsPlaceholder ? value(piece.Text) + (piece.IsFolder ? "/" : "") : piece.Text));

    /// <summary>Text and placeholders in turn. A placeholder is a folder if a slash follows, which is then its part.</summary>
    private IEnumerable<(string Text, bool IsPlaceholder, bool IsFolder)> Pieces()
    {
        var rest = Inner;
        while (rest.Length != 0)
        {
            var open = rest.IndexOf('{', StringComparison.Ordinal);
            var close = open < 0 ? -1 : rest.IndexOf('}', open);
            if (close < 0)
            {
                yield return (rest, false, false);
                yield break;
            }

            if (open > 0)
            {
                yield return (rest[..open], false, false);
            }

            var name = rest[(open + 1)..close];
            rest = rest[(close + 1)..];
            var isFolder = name is "dir" && rest.StartsWith('/');
            rest = isFolder ? rest[1..] : rest;
            yield return (name, true, isFolder);
        }
    }
}
