using System.Collections.Immutable;
using System.Text;

namespace OrleansClean.Cleaning;

/// <summary>One part of a <see cref="DateForm"/>.</summary>
internal abstract record DatePart
{
    private DatePart()
    {
    }

    /// <summary>The pattern letter, or a quote for fixed text.</summary>
    public abstract char Letter { get; }

    /// <summary>True if the part speaks of the time of day.</summary>
    public bool IsTime => Letter is 'H' or 'h' or 'm' or 's' or 'f' or 't';

    /// <summary>Reads the part at <paramref name="at"/> and moves behind it.</summary>
    public abstract bool TryRead(ReadOnlySpan<byte> text, ref int at, ref DateFields fields);

    /// <summary>Writes the part; returns its length.</summary>
    public abstract int Write(DateTime value, Span<byte> destination);

    /// <summary>Text that stands for itself.</summary>
    public sealed record Fixed(ImmutableArray<byte> Text) : DatePart
    {
        public override char Letter => '\'';

        public override bool TryRead(ReadOnlySpan<byte> text, ref int at, ref DateFields fields)
        {
            var matches = text[at..].StartsWith(Text.AsSpan());
            at += matches ? Text.Length : 0;
            return matches;
        }

        public override int Write(DateTime value, Span<byte> destination)
        {
            Text.AsSpan().CopyTo(destination);
            return Text.Length;
        }
    }

    /// <summary>Digits: exactly <paramref name="Width"/>, or one or two if the width is one.</summary>
    public sealed record Digits(char Kind, int Width) : DatePart
    {
        public override char Letter => Kind;

        public override bool TryRead(ReadOnlySpan<byte> text, ref int at, ref DateFields fields)
        {
            var widthMax = Width == 1 && Kind != 'f' ? 2 : Width;
            var value = 0;
            var count = 0;
            while (count < widthMax && at < text.Length && (uint)(text[at] - '0') <= 9)
            {
                value = (value * 10) + (text[at++] - '0');
                count++;
            }

            Store(value, ref fields);
            return count >= Width;
        }

        public override int Write(DateTime value, Span<byte> destination)
        {
            var number = Pick(value);
            var width = Math.Max(Width, number >= 10 && Width == 1 ? 2 : 1);
            for (var i = width - 1; i >= 0; i--)
            {
                destination[i] = (byte)('0' + (number % 10));
                number /= 10;
            }

            return width;
        }

        private void Store(int value, ref DateFields fields)
        {
            switch (Kind)
            {
                case 'y':
                    fields.Year = Width == 4 ? value : value + (value <= 68 ? 2000 : 1900);
                    break;
                case 'M':
                    fields.Month = value;
                    break;
                case 'd':
                    fields.Day = value;
                    break;
                case 'H' or 'h':
                    fields.Hour = value;
                    fields.IsTwelveHours = Kind == 'h';
                    break;
                case 'm':
                    fields.Minute = value;
                    break;
                case 's':
                    fields.Second = value;
                    break;
                default:
                    fields.Ticks = value * (int)Math.Pow(10, 7 - Width);
                    break;
            }
        }

        private int Pick(DateTime value) => Kind switch
        {
            'y' => Width == 4 ? value.Year : value.Year % 100,
            'M' => value.Month,
            'd' => value.Day,
            'H' => value.Hour,
            'h' => ((value.Hour + 11) % 12) + 1,
            'm' => value.Minute,
            's' => value.Second,
            _ => (int)(value.Ticks % TimeSpan.TicksPerSecond / (long)Math.Pow(10, 7 - Width)),
        };
    }

    /// <summary>AM or PM.</summary>
    public sealed record HalfOfDay : DatePart
    {
        public override char Letter => 't';

        public override bool TryRead(ReadOnlySpan<byte> text, ref int at, ref DateFields fields)
        {
            if (text.Length - at < 2 || (text[at + 1] | 0x20) != 'm' || (text[at] | 0x20) is not ('a' or 'p'))
            {
                return false;
            }

            fields.IsAfternoon = (text[at] | 0x20) == 'p';
            at += 2;
            return true;
        }

        public override int Write(DateTime value, Span<byte> destination)
        {
            (value.Hour < 12 ? "AM"u8 : "PM"u8).CopyTo(destination);
            return 2;
        }
    }

    /// <summary>A month's name, read without regard to case; a short one may have a dot behind.</summary>
    public sealed record MonthName : DatePart
    {
        private readonly ImmutableArray<ImmutableArray<byte>> _written;
        private readonly ImmutableArray<(string Name, int Month)> _read;
        private readonly bool _mayHaveDot;

        public MonthName(string locale, bool isShort, bool mayHaveDot)
        {
            var names = isShort ? MonthNames.Short(locale) : MonthNames.Full(locale);
            _written = [.. names.Select(name => ImmutableArray.Create(Encoding.UTF8.GetBytes(name)))];
            var read = names.Select((name, index) => (Name: name.ToLowerInvariant(), Month: index + 1));

            // The longest first: "sept" before "sep".
            _read = [.. (isShort ? read.Concat(MonthNames.AlsoRead(locale)) : read).OrderByDescending(entry => entry.Name.Length)];
            _mayHaveDot = isShort && mayHaveDot;
        }

        public override char Letter => 'M';

        public override bool TryRead(ReadOnlySpan<byte> text, ref int at, ref DateFields fields)
        {
            foreach (var (name, month) in _read)
            {
                var length = MatchedLength(text[at..], name);
                if (length > 0)
                {
                    at += length;
                    at += _mayHaveDot && at < text.Length && text[at] == '.' ? 1 : 0;
                    fields.Month = month;
                    return true;
                }
            }

            return false;
        }

        public override int Write(DateTime value, Span<byte> destination)
        {
            var name = _written[value.Month - 1].AsSpan();
            name.CopyTo(destination);
            return name.Length;
        }

        private static int MatchedLength(ReadOnlySpan<byte> text, string lowerName)
        {
            var length = 0;
            foreach (var rune in lowerName.EnumerateRunes())
            {
                Rune.DecodeFromUtf8(text[length..], out var found, out var consumed);
                if (Rune.ToLowerInvariant(found) != rune)
                {
                    return 0;
                }

                length += consumed;
            }

            return length;
        }
    }
}
