using System.Globalization;
using Newtonsoft.Json.Linq;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace OrleansClean.Cleaning.Tests.PlanTexts;

/// <summary>YAML as an editor sees it when it checks a schema: unquoted scalars resolved to numbers, booleans and null.</summary>
internal static class EditorJson
{
    public static JToken Of(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return Of(stream.Documents[0].RootNode);
    }

    private static JToken Of(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JObject(mapping.Children.Select(c => new JProperty(((YamlScalarNode)c.Key).Value!, Of(c.Value)))),
        YamlSequenceNode list => new JArray(list.Children.Select(Of)),
        YamlScalarNode { Style: ScalarStyle.Plain } plain => Resolve(plain.Value!),
        _ => new JValue(((YamlScalarNode)node).Value),
    };

    private static JValue Resolve(string text) => text switch
    {
        "" or "~" or "null" or "NULL" => JValue.CreateNull(),
        "true" => new JValue(value: true),
        "false" => new JValue(value: false),
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => new JValue(whole),
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => new JValue(number),
        _ => new JValue(text),
    };
}
