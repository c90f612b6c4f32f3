using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using Scalar = OrleansClean.Cleaning.Plans.PlanNode.Scalar;

namespace OrleansClean.Cleaning.Plans;

/// <summary>
/// Reads the text of a plan into nodes that know where they stand. YAML without anchors, aliases, tags and second
/// documents; JSON is a subset of it.
/// </summary>
internal sealed class PlanYaml
{
    /// <summary>Bytes of a plan: 1 MiB.</summary>
    public const int BytesMax = 1 << 20;

    /// <summary>Lists and mappings inside one another.</summary>
    public const int NestingMax = 64;

    private readonly string _text;
    private readonly PlanProblems _problems;
    private readonly Parser _parser;
    private readonly YamlTrouble _trouble;

    private PlanYaml(string text, PlanProblems problems)
    {
        _text = text;
        _problems = problems;
        _parser = new Parser(new StringReader(text));
        _trouble = new YamlTrouble(text);
    }

    /// <summary>The plan's root, or null if its text cannot be read; then <paramref name="problems"/> say why.</summary>
    public static PlanNode? Read(string text, PlanProblems problems)
    {
        text = text.StartsWith('\uFEFF') ? text[1..] : text;
        var bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes > BytesMax)
        {
            problems.Add(default, string.Create(
                CultureInfo.InvariantCulture,
                $"The plan is {bytes:N0} bytes long; a plan has at most {BytesMax:N0}."));
            return null;
        }

        return HasOnlyText(text, problems) ? new PlanYaml(text, problems).ReadRoot() : null;
    }

    /// <summary>The YAML parser passes over some characters in silence: they are refused before it sees them.</summary>
    private static bool HasOnlyText(string text, PlanProblems problems)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var isPair = char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if ((char.IsControl(c) && c is not ('\t' or '\n' or '\r')) || (char.IsSurrogate(c) && !isPair))
            {
                problems.Add(
                    YamlTrouble.PlaceOf(text, i),
                    string.Create(CultureInfo.InvariantCulture, $"The character U+{(int)c:X4} cannot stand in a plan."),
                    "Write it as an escape in double quotes, such as \"\\u0007\", or leave it out.");
                return false;
            }

            i += isPair ? 1 : 0;
        }

        return true;
    }

    private PlanNode? ReadRoot()
    {
        try
        {
            if (!SkipTo<DocumentStart>())
            {
                _problems.Add(new SourcePosition(1, 1), "The plan is empty.", "`orleansclean plan new` writes a first one.");
                return null;
            }

            Move();
            var root = ReadNode(depth: 0, isFlow: false);
            if (SkipTo<DocumentStart>())
            {
                _problems.Add(At(_parser.Current!), "A second document begins here.", "A plan is one document: remove the line `---`.");
            }

            return root;
        }
        catch (UnreadablePlanException unreadable)
        {
            _problems.Add(unreadable.At, unreadable.Message, unreadable.Hint);
            return null;
        }
    }

    private bool SkipTo<T>()
        where T : ParsingEvent
    {
        while (Move())
        {
            if (_parser.Current is T)
            {
                return true;
            }
        }

        return false;
    }

    private bool Move()
    {
        try
        {
            return _parser.MoveNext();
        }
        catch (YamlException e)
        {
            throw _trouble.Explain(e.Start, e.Message);
        }
#pragma warning disable CA1031 // The scanner meets some broken texts (`[1` and a key on the next line) with exceptions of other types.
        catch (Exception e)
#pragma warning restore CA1031
        {
            throw _trouble.Explain(null, e.Message);
        }
    }

    private PlanNode ReadNode(int depth, bool isFlow)
    {
        var current = _parser.Current!;
        if (depth > NestingMax)
        {
            throw new UnreadablePlanException(
                At(current),
                string.Create(CultureInfo.InvariantCulture, $"Lists and mappings are nested more than {NestingMax} deep."));
        }

        if (current is AnchorAlias alias)
        {
            _problems.Add(At(current), $"`*{alias.Value}` is an alias; plans have none.", "Write the value out here.");
            return new PlanNode.Broken(At(current));
        }

        if (current is not NodeEvent node)
        {
            // For some broken texts the parser ends a mapping behind a key, without a value.
            throw _trouble.Explain(current.Start, "did not find expected key");
        }

        CheckProperties(node);
        return current switch
        {
            SequenceStart start => ReadSequence(start, depth),
            MappingStart start => ReadMapping(start, depth),
            _ => ReadScalar((YamlDotNet.Core.Events.Scalar)current, isFlow),
        };
    }

    private void CheckProperties(NodeEvent node)
    {
        if (!node.Anchor.IsEmpty)
        {
            _problems.Add(At(node), $"`&{node.Anchor.Value}` is an anchor; plans have none.", "Write the value out where it is needed.");
        }

        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific)
        {
            _problems.Add(At(node), $"{Quoted.Text(node.Tag.Value)} is a tag; plans have none.", "Remove it: values are taken as written.");
        }
    }

    private PlanNode.Sequence ReadSequence(SequenceStart start, int depth)
    {
        var isFlow = start.Style == SequenceStyle.Flow;
        _trouble.Enter(isFlow, At(start), '[');
        var items = new List<PlanNode>();
        var pieces = new List<FlowPiece>();
        for (Move(); _parser.Current is not SequenceEnd; Move())
        {
            var first = _parser.Current!;
            var item = ReadNode(depth + 1, isFlow);
            items.Add(item);
            pieces.Add(FlowPiece.Of(null, first, _parser.Current!, item));
        }

        _trouble.Leave();
        if (isFlow)
        {
            var joined = FlowCommas.Join(_text, pieces, _problems);
            items = [.. joined.Select(p => p.Value)];
        }

        return new PlanNode.Sequence(At(start), [.. items]);
    }

    private PlanNode.Mapping ReadMapping(MappingStart start, int depth)
    {
        var isFlow = start.Style == MappingStyle.Flow;
        _trouble.Enter(isFlow, At(start), '{');
        var pieces = new List<FlowPiece>();
        for (Move(); _parser.Current is not MappingEnd; Move())
        {
            var key = ReadNode(depth + 1, isFlow);
            var keyEnd = (int)_parser.Current!.End.Index;
            Move();
            var first = _parser.Current!;
            var value = ReadNode(depth + 1, isFlow);
            if (key is Scalar name)
            {
                pieces.Add(FlowPiece.Of(name, first, _parser.Current!, value) with { KeyEnd = keyEnd });
            }
            else if (key is not PlanNode.Broken)
            {
                _problems.Add(key.At, $"A key is a word, not {key.Found}.");
            }
        }

        _trouble.Leave();
        var entries = ImmutableArray.CreateBuilder<(Scalar Key, PlanNode Value)>();
        var seen = new Dictionary<string, SourcePosition>(StringComparer.Ordinal);
        foreach (var piece in isFlow ? FlowCommas.Join(_text, pieces, _problems) : pieces)
        {
            if (seen.TryAdd(piece.Key!.Text, piece.Key.At))
            {
                entries.Add((piece.Key, piece.Value));
            }
            else
            {
                var before = seen[piece.Key.Text];
                _problems.Add(piece.Key.At, $"The key {Quoted.Text(piece.Key.Text)} stands here a second time; the first is at {before}.", "Keep one of them.");
            }
        }

        return new PlanNode.Mapping(At(start), entries.ToImmutable());
    }

    private Scalar ReadScalar(YamlDotNet.Core.Events.Scalar scalar, bool isFlow)
    {
        _trouble.Saw(scalar, isFlow);
        var source = new ScalarSource(_text, At(scalar), (int)scalar.Start.Index, Math.Min((int)scalar.End.Index, _text.Length), scalar.Style);
        return new Scalar(At(scalar), scalar.Value, scalar.Style is ScalarStyle.Plain, source);
    }

    private static SourcePosition At(ParsingEvent e) => YamlTrouble.PlaceOf(e.Start);
}
