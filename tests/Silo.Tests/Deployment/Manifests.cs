using YamlDotNet.RepresentationModel;

namespace OrleansClean.Silo.Tests.Deployment;

/// <summary>The manifests in <c>infra/kubernetes</c>, one mapping for each document.</summary>
internal static class Manifests
{
    public static IReadOnlyList<YamlMappingNode> All { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(WorkingTree.Root, "infra", "kubernetes"), "*.yaml").Order(StringComparer.Ordinal).SelectMany(path =>
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(File.ReadAllText(path)));
            return stream.Documents.Select(document => (YamlMappingNode)document.RootNode);
        }),
    ];

    public static YamlMappingNode Of(string kind, string name) => All.Single(document =>
        Text(document, "kind") == kind && Text(document, "metadata", "name") == name);

    public static string Text(YamlNode node, params string[] path) => ((YamlScalarNode)At(node, path)).Value!;

    public static YamlNode At(YamlNode node, params string[] path) => path.Aggregate(node, (inner, key) => inner[new YamlScalarNode(key)]);

    /// <summary>Every mapping in a node, itself included.</summary>
    public static IEnumerable<YamlMappingNode> Below(YamlNode node) => node.AllNodes.OfType<YamlMappingNode>();

    /// <summary>A mapping of plain texts.</summary>
    public static Dictionary<string, string> Texts(YamlNode node) =>
        ((YamlMappingNode)node).Children.ToDictionary(pair => ((YamlScalarNode)pair.Key).Value!, pair => ((YamlScalarNode)pair.Value).Value!, StringComparer.Ordinal);
}
