namespace OrleansClean.Cleaning.Plans;

/// <summary>One entry of a <c>{…}</c> or <c>[…]</c> with its place in the text.</summary>
internal sealed record FlowPiece(PlanNode.Scalar? Key, int Start, int End, PlanNode Value)
{
    /// <summary>Behind the key, if there is one.</summary>
    public int KeyEnd { get; init; }

    public static FlowPiece Of(
        PlanNode.Scalar? key,
        YamlDotNet.Core.Events.ParsingEvent first,
        YamlDotNet.Core.Events.ParsingEvent last,
        PlanNode value) => new(key, (int)first.Start.Index, (int)last.End.Index, value);
}

/// <summary>
/// In <c>{…}</c> and <c>[…]</c> a comma ends a value, so <c>{total: round(x, 2)}</c> falls apart. Finds the pieces by
/// their parentheses, reports them and joins them, so that the rest of the plan is read as it was meant.
/// </summary>
internal static class FlowCommas
{
    public static List<FlowPiece> Join(string text, List<FlowPiece> pieces, PlanProblems problems)
    {
        var joined = new List<FlowPiece>(pieces.Count);
        for (var i = 0; i < pieces.Count; i++)
        {
            var piece = pieces[i];
            var last = piece.Value is PlanNode.Scalar { IsPlain: true, IsNothing: false } ? LastOf(text, pieces, i) : i;
            if (last > i)
            {
                var whole = text[piece.Start..pieces[last].End].TrimEnd();
                var start = (PlanNode.Scalar)piece.Value;
                Report(problems, piece.Key, start, whole);
                piece = piece with { Value = start with { Text = whole, Source = start.Source with { End = piece.Start + whole.Length } } };
                i = last;
            }

            joined.Add(piece);
        }

        return joined;
    }

    /// <summary>The piece that closes the parenthesis that piece <paramref name="first"/> opens; itself if there is none.</summary>
    private static int LastOf(string text, List<FlowPiece> pieces, int first)
    {
        var depth = new Parentheses();
        depth.Read(text.AsSpan(pieces[first].Start, pieces[first].End - pieces[first].Start));
        var last = first;
        while (depth.IsOpen && last + 1 < pieces.Count)
        {
            var next = pieces[last + 1];
            // A piece of a value is a key without a colon.
            if (next.Key is not null && text.AsSpan(next.KeyEnd, Math.Max(0, next.Start - next.KeyEnd)).Contains(':'))
            {
                return first;
            }

            depth.Read(text.AsSpan(pieces[last].End, next.End - pieces[last].End));
            last++;
        }

        return depth.IsOpen ? first : last;
    }

    private static void Report(PlanProblems problems, PlanNode.Scalar? key, PlanNode.Scalar start, string whole)
    {
        var quote = whole.Contains('"', StringComparison.Ordinal) ? $"'{whole.Replace("'", "''", StringComparison.Ordinal)}'" : $"\"{whole}\"";
        var (own, quoted, brackets) = key is null
            ? ($"- {whole}", $"[{quote}]", "[…]")
            : ($"{key.Text}: {whole}", $"{{{key.Text}: {quote}}}", "{…}");
        problems.Add(
            start.At,
            $"In {brackets} a comma ends a value, so this one is {Quoted.Text(start.Text)} with its parenthesis open.",
            $"Write it on a line of its own, {Quoted.Text(own)}, or in quotes, {Quoted.Text(quoted)}.");
    }

    /// <summary>Counts parentheses outside of text in quotes.</summary>
    private struct Parentheses
    {
        private int _depth;
        private char _quote;

        public readonly bool IsOpen => _depth > 0;

        public void Read(ReadOnlySpan<char> text)
        {
            foreach (var c in text)
            {
                if (_quote != '\0')
                {
                    _quote = c == _quote ? '\0' : _quote;
                }
                else if (c is '\'' or '"')
                {
                    _quote = c;
                }
                else
                {
                    _depth += c switch { '(' => 1, ')' => -1, _ => 0 };
                }
            }
        }
    }
}
