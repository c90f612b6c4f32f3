using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>What a call with a pattern needs of its constant arguments.</summary>
/// <param name="Pattern">The pattern.</param>
/// <param name="Group">The group to extract; 0 is the whole match.</param>
/// <param name="With">The parts of the replacement: text, or the number of a group.</param>
internal sealed record PatternCall(Regex Pattern, int Group, ImmutableArray<(byte[] Text, int Group)> With)
{
    /// <summary>
    /// Bytes of a text in which matches are replaced, at most: finding one match takes linear time, but finding all of
    /// them may take the square of it.
    /// </summary>
    public const int ReplacedBytesMax = 64 * 1024;

    public static PlanProblem? PrepareExtract(ImmutableArray<FormulaSyntax> arguments, out object? prepared)
    {
        prepared = null;
        if (Compile(arguments[1], out var pattern) is { } problem)
        {
            return problem;
        }

        var group = 0L;
        if (arguments.Length == 3)
        {
            if (arguments[2] is not FormulaSyntax.Constant { Value.Kind: ValueKind.Integer } number)
            {
                return new PlanProblem(arguments[2].At, "The group is a number of the plan.", "0 is the whole match, 1 the first parenthesis.");
            }

            group = number.Value.AsInteger;
        }

        if (!pattern!.GetGroupNumbers().Contains((int)Math.Clamp(group, -1, int.MaxValue)))
        {
            return new PlanProblem(arguments[2].At, $"The pattern has no group {group}.", $"Its groups are 0 to {pattern.GetGroupNumbers()[^1]}.");
        }

        prepared = new PatternCall(pattern, (int)group, []);
        return null;
    }

    public static PlanProblem? PrepareReplace(ImmutableArray<FormulaSyntax> arguments, out object? prepared)
    {
        prepared = null;
        if (Compile(arguments[1], out var pattern) is { } problem)
        {
            return problem;
        }

        if (arguments[2] is not FormulaSyntax.Constant { Value.Kind: ValueKind.Text } with)
        {
            return new PlanProblem(arguments[2].At, "The replacement is a text of the plan in 'single quotes'.");
        }

        var parts = Split(Encoding.UTF8.GetString(with.Value.AsText));
        var unknown = parts.FirstOrDefault(part => part.Group > 0 && !pattern!.GetGroupNumbers().Contains(part.Group));
        if (unknown.Group > 0)
        {
            return new PlanProblem(with.At, $"The pattern has no group {unknown.Group}.", "`$1` is its first parenthesis; `$$` is a dollar.");
        }

        prepared = new PatternCall(pattern!, 0, parts);
        return null;
    }

    private static PlanProblem? Compile(FormulaSyntax argument, out Regex? pattern)
    {
        pattern = null;
        if (argument is not FormulaSyntax.Constant { Value.Kind: ValueKind.Text } constant)
        {
            return new PlanProblem(argument.At, "The pattern is a text of the plan in 'single quotes'.", "It is not taken from a column.");
        }

        return Patterns.TryCompile(Encoding.UTF8.GetString(constant.Value.AsText), out pattern, out var error)
            ? null
            : new PlanProblem(argument.At, error);
    }

    private static ImmutableArray<(byte[] Text, int Group)> Split(string with)
    {
        var parts = ImmutableArray.CreateBuilder<(byte[], int)>();
        var text = new StringBuilder();
        for (var at = 0; at < with.Length; at++)
        {
            var next = at + 1 < with.Length ? with[at + 1] : '\0';
            if (with[at] == '$' && char.IsAsciiDigit(next))
            {
                parts.Add((Encoding.UTF8.GetBytes(text.ToString()), -1));
                parts.Add(([], next - '0'));
                text.Clear();
                at++;
            }
            else
            {
                text.Append(with[at]);
                at += with[at] == '$' && next == '$' ? 1 : 0;
            }
        }

        parts.Add((Encoding.UTF8.GetBytes(text.ToString()), -1));
        return parts.ToImmutable();
    }
}

/// <summary><c>regex_extract(text, pattern, group)</c>.</summary>
internal sealed class PatternExtract(Expression operand, PatternCall call) : Expression
{
    public override ColumnType Type => ColumnType.Text;

    public override void Evaluate(EvaluationContext context, out Value value)
    {
        operand.Evaluate(context, out value);
        if (!Nulls.IsPresent(value))
        {
            return;
        }

        var characters = context.Decode(value.AsText);
        if (call.Group == 0)
        {
            var matches = call.Pattern.EnumerateMatches(characters);
            value = matches.MoveNext()
                ? TextOutput.Encode(context, characters.Slice(matches.Current.Index, matches.Current.Length))
                : Value.Null;
            return;
        }

        // Groups are only to be had from a string: the one allocation of a formula.
        var group = call.Pattern.Match(characters.ToString()).Groups[call.Group];
        value = group.Success ? TextOutput.Encode(context, group.ValueSpan) : Value.Null;
    }
}

/// <summary><c>regex_replace(text, pattern, with)</c>.</summary>
internal sealed class PatternReplace(Expression operand, PatternCall call) : Expression
{
    public override ColumnType Type => ColumnType.Text;

    public override void Evaluate(EvaluationContext context, out Value value)
    {
        operand.Evaluate(context, out value);
        if (!Nulls.IsPresent(value))
        {
            return;
        }

        var characters = context.Decode(value.AsText);
        if (!call.Pattern.IsMatch(characters))
        {
            return;
        }

        if (value.TextLength > PatternCall.ReplacedBytesMax)
        {
            value = context.Fail(FormulaProblems.Expression($"regex_replace() reads texts of at most {PatternCall.ReplacedBytesMax >> 10} KiB."));
            return;
        }

        var text = characters.ToString();
        var output = new TextOutput(context);
        var end = 0;
        for (var match = call.Pattern.Match(text); match.Success; match = match.NextMatch())
        {
            output.Add(text.AsSpan(end, match.Index - end));
            foreach (var (fixedText, group) in call.With)
            {
                output.Add(fixedText);
                output.Add(group < 0 ? default : match.Groups[group].ValueSpan);
            }

            end = match.Index + match.Length;
        }

        output.Add(text.AsSpan(end));
        value = output.ToValue();
    }
}

/// <summary>Text that grows in the row's arena, within its bound.</summary>
internal ref struct TextOutput(EvaluationContext context)
{
    private byte[] _bytes = [];
    private int _start;
    private int _capacity;
    private int _length;
    private bool _isTooLong;

    /// <summary>The characters as text in the arena.</summary>
    public static Value Encode(EvaluationContext context, ReadOnlySpan<char> characters)
    {
        var output = new TextOutput(context);
        output.Add(characters);
        return output.ToValue();
    }

    public void Add(ReadOnlySpan<char> characters)
    {
        if (TryGrow(Encoding.UTF8.GetByteCount(characters)))
        {
            _length += Encoding.UTF8.GetBytes(characters, _bytes.AsSpan(_start + _length));
        }
    }

    public void Add(ReadOnlySpan<byte> text)
    {
        if (TryGrow(text.Length))
        {
            text.CopyTo(_bytes.AsSpan(_start + _length));
            _length += text.Length;
        }
    }

    public readonly Value ToValue() =>
        _isTooLong ? context.Fail(FormulaProblems.TooMuchText) : Value.Text(_bytes, _start, _length);

    private bool TryGrow(int more)
    {
        if (_length + more <= _capacity || _isTooLong)
        {
            return !_isTooLong;
        }

        // Doubling takes at most twice the room of the result, all of it counted against the row's bound.
        var capacity = Math.Max(_length + more, 2 * _capacity);
        if (!context.Row.Arena.TryReserve(capacity, out var bytes, out var start))
        {
            _isTooLong = true;
            return false;
        }

        _bytes.AsSpan(_start, _length).CopyTo(bytes.AsSpan(start));
        (_bytes, _start, _capacity) = (bytes, start, capacity);
        return true;
    }
}
