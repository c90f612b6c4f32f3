using System.Text;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>What one evaluation may look at. One per worker and file; not thread-safe.</summary>
public sealed class EvaluationContext(Row row, DateTime now)
{
    private char[] _characters = new char[256];

    /// <summary>The current row.</summary>
    public Row Row { get; } = row;

    /// <summary>The batch's frozen time, UTC.</summary>
    public DateTime Now { get; } = now;

    /// <summary>Results of aggregates, by <see cref="AggregateUse.Index"/>; filled before the pass that reads them.</summary>
    public Value[] Aggregates { get; set; } = [];

    /// <summary>Why the last evaluation failed, until <see cref="Clear"/>.</summary>
    public Problem? Problem { get; private set; }

    /// <summary>True if a formula asked for <c>today()</c> or <c>now()</c>.</summary>
    public bool ClockWasRead { get; set; }

    /// <summary>Forgets the last problem.</summary>
    public void Clear() => Problem = null;

    /// <summary>Records why the evaluation fails and returns <see cref="Value.Error"/>. The first problem stays.</summary>
    public Value Fail(Problem problem)
    {
        Problem ??= problem;
        return Value.Error;
    }

    /// <summary>Says of the recorded problem, unless it has a column, which formula it is of and what that read. For rows that go no further.</summary>
    internal void Explain(CompiledFormula formula)
    {
        if (Problem is { Column: null } problem && formula.Origin is { } origin)
        {
            Problem = origin.Explain(problem, Row);
        }
    }

    /// <summary>The characters of a text, valid until the next call: patterns read UTF-16. No allocation per row.</summary>
    internal ReadOnlySpan<char> Decode(ReadOnlySpan<byte> text)
    {
        // A character never takes fewer bytes than UTF-16 units.
        if (_characters.Length < text.Length)
        {
            _characters = new char[Math.Max(text.Length, 2 * _characters.Length)];
        }

        return _characters.AsSpan(0, Encoding.UTF8.GetChars(text, _characters));
    }
}
