using System.Text;
using OrleansClean.Cleaning.Formulas;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Steps;

/// <summary><c>map</c>: whole cells become other whole cells; nulls are left alone.</summary>
internal sealed class MapStep(StepIdentity identity, OnUnmatched onUnmatched, MapStep.MappedColumn[] columns) : RowStep(identity)
{
    /// <summary>Listed values that the message of an unlisted one names.</summary>
    private const int NamedMax = 8;

    public static RowStep Compile(Step.Map step, StepCompilation compilation)
    {
        var columns = new List<MappedColumn>();
        foreach (var (name, entries) in step.Columns)
        {
            if (compilation.Find(name) is not { } column)
            {
                continue;
            }

            var values = new Dictionary<byte[], byte[]>(BytesComparer.Instance);
            foreach (var (from, to) in entries)
            {
                values[Encoding.UTF8.GetBytes(from)] = Encoding.UTF8.GetBytes(to);
            }

            var named = string.Join(", ", entries.Take(NamedMax).Select(entry => entry.From));
            var expected = $"one of {named}{(entries.Length > NamedMax ? ", …" : "")}";
            columns.Add(new MappedColumn(RewrittenColumn.Of(column, compilation), values, expected));
        }

        return columns.Count == 0
            ? compilation.HeaderOnly()
            : new MapStep(compilation.Identity, step.OnUnmatched, [.. columns]);
    }

    public override StepResult Apply(Row row, EvaluationContext context)
    {
        foreach (var column in columns)
        {
            row.ReadText(column.Cell.Slot, out var text);
            if (text.IsNull)
            {
                column.Cell.Leave(row);
                continue;
            }

            if (!column.Lookup.TryGetValue(text.AsText, out var to))
            {
                var result = Unmatched(row, context, column, text);
                if (result != StepResult.Keep)
                {
                    return result;
                }
            }
            else if (text.AsText.SequenceEqual(to))
            {
                column.Cell.Leave(row);
            }
            else
            {
                row.SetText(column.Cell.Slot, Value.Text(to));
                CellsChanged++;
            }
        }

        return StepResult.Keep;
    }

    private StepResult Unmatched(Row row, EvaluationContext context, MappedColumn column, in Value text)
    {
        var onError = onUnmatched switch
        {
            OnUnmatched.Keep => OnError.Keep,
            OnUnmatched.Null => OnError.Null,
            OnUnmatched.Fail => OnError.Fail,
            _ => OnError.Reject,
        };
        if (onError == OnError.Keep)
        {
            column.Cell.Leave(row);
            return StepResult.Keep;
        }

        var problem = CellProblem.Of(
            ProblemCodes.UnmappedValue,
            "The map does not list this value. Add it, or say on_unmatched: keep.",
            column.Cell.Column,
            column.Expected,
            text.AsText);
        return column.Cell.Fail(row, context, this, onError, problem);
    }

    /// <summary>One column and what its values become.</summary>
    internal sealed class MappedColumn(RewrittenColumn cell, Dictionary<byte[], byte[]> values, string expected)
    {
        public RewrittenColumn Cell => cell;

        public string Expected => expected;

        /// <summary>Finds bytes without making an array of them.</summary>
        public Dictionary<byte[], byte[]>.AlternateLookup<ReadOnlySpan<byte>> Lookup { get; } =
            values.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    private sealed class BytesComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static BytesComparer Instance { get; } = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
