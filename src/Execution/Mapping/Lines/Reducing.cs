using System.Buffers.Text;
using OrleansClean.Cleaning;

namespace OrleansClean.Execution.Mapping
{
    /// <summary>What the results of all inputs are made into.</summary>
    public enum Reduction
    {
        /// <summary>Their sum: exact while it is added up, so that it does not depend on chunks and workers.</summary>
        Sum,

        /// <summary>The least of them.</summary>
        Min,

        /// <summary>The greatest of them.</summary>
        Max,

        /// <summary>How many there are; they need not be numbers.</summary>
        Count,
    }
}

namespace OrleansClean.Execution.Mapping.Lines
{
    /// <summary>Results on their way to one number.</summary>
    internal sealed class Reducing(Reduction kind)
    {
        private readonly ExactTotal? _total = kind is Reduction.Sum ? new ExactTotal() : null;
        private long _count;
        private Number? _best;

        /// <summary>Takes one result in. Says why it cannot be, or null.</summary>
        public LineFault? Add(ReadOnlySpan<byte> json)
        {
            if (kind is Reduction.Count)
            {
                _count++;
                return null;
            }

            if (Number.TryRead(json) is not { } number)
            {
                return LineFault.Of(ProblemCodes.ResultError, $"The result is no number: {kind.ToString().ToLowerInvariant()} takes numbers.");
            }

            _count++;
            if (_total is null)
            {
                Offer(number);
            }
            else if (number.Integer is { } integer)
            {
                _total.Add(integer);
            }
            else
            {
                _total.Add(number.Double);
            }

            return null;
        }

        /// <summary>Takes in what later inputs were reduced to.</summary>
        public void Add(Reducing later)
        {
            _count += later._count;
            _total?.Add(later._total!);
            if (later._best is { } number)
            {
                Offer(number);
            }
        }

        /// <summary>Writes the result: null for the least of nothing, and for a sum beyond all doubles.</summary>
        public void Write(JsonText json)
        {
            var number = kind switch
            {
                Reduction.Count => new Number(_count, _count),
                Reduction.Sum => new Number(_total!.AsInteger, _total.AsInteger ?? _total.ToDouble()),
                _ => _best,
            };
            if (number?.Integer is { } integer)
            {
                json.Append(integer);
            }
            else if (number is { } other && double.IsFinite(other.Double))
            {
                json.Append(other.Double);
            }
            else
            {
                json.Append("null"u8);
            }
        }

        // Of equals the first one stays: the result does not depend on which worker was faster.
        private void Offer(Number number)
        {
            if (_best is not { } best || (kind is Reduction.Min ? Number.Compare(number, best) < 0 : Number.Compare(number, best) > 0))
            {
                _best = number;
            }
        }

        /// <summary>A number: an integer of 64 bits if it is one, else the nearest double.</summary>
        private readonly record struct Number(long? Integer, double Double)
        {
            public static Number? TryRead(ReadOnlySpan<byte> json)
            {
                if (Utf8Parser.TryParse(json, out long integer, out var read) && read == json.Length)
                {
                    return new Number(integer, integer);
                }

                return json.Length > 0 && json[0] is (byte)'-' or (>= (byte)'0' and <= (byte)'9')
                    && Utf8Parser.TryParse(json, out double number, out read) && read == json.Length && double.IsFinite(number)
                    ? new Number(null, number)
                    : null;
            }

            public static int Compare(Number left, Number right) =>
                left.Integer is { } a && right.Integer is { } b ? a.CompareTo(b) : left.Double.CompareTo(right.Double);
        }
    }
}
