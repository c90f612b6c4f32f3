using System.Collections.Immutable;
using System.Globalization;

namespace OrleansClean.Cleaning.Arrays;

/// <summary>
/// The dictionary of a <c>.npy</c> header, written in Python: <c>{'descr': '&lt;f8', 'fortran_order': False, 'shape': (3, 4), }</c>.
/// Only what such a header may hold is read; nothing is evaluated.
/// </summary>
internal ref struct NpyHeaderText
{
    private readonly ReadOnlySpan<char> _text;
    private readonly string _name;
    private int _at;

    private NpyHeaderText(ReadOnlySpan<char> text, string name)
    {
        _text = text;
        _name = name;
    }

    /// <summary>The header that <paramref name="text"/> tells, without its bytes.</summary>
    public static NpyHeader Parse(string text, string name)
    {
        var reader = new NpyHeaderText(text.AsSpan().TrimEnd(" \n"), name);
        return reader.ReadDictionary();
    }

    private NpyHeader ReadDictionary()
    {
        string? descr = null;
        bool? isFortran = null;
        ImmutableArray<long>? shape = null;
        Expect('{');
        while (!Takes('}'))
        {
            var key = ReadText();
            Expect(':');
            switch (key)
            {
                case "descr" when descr is null:
                    descr = ReadDescr();
                    break;
                case "fortran_order" when isFortran is null:
                    isFortran = ReadFlag();
                    break;
                case "shape" when shape is null:
                    shape = ReadShape();
                    break;
                default:
                    throw Refuse($"its header has the key {NpyRefusals.Show(key)} {(key is "descr" or "fortran_order" or "shape" ? "twice" : "which no .npy has")}.");
            }

            if (!Takes(','))
            {
                Expect('}');
                break;
            }
        }

        if (_at < _text.Length)
        {
            throw Unexpected("nothing");
        }

        return Build(descr, isFortran, shape);
    }

    private readonly NpyHeader Build(string? descr, bool? isFortran, ImmutableArray<long>? shape)
    {
        if (descr is null || isFortran is null || shape is null)
        {
            throw Refuse($"its header lacks the key '{(descr is null ? "descr" : isFortran is null ? "fortran_order" : "shape")}'.");
        }

        var element = Element(descr);
        if (isFortran.Value)
        {
            throw Refuse("it is in Fortran order. Convert it in numpy: np.ascontiguousarray(a).");
        }

        var count = Count(shape.Value, element);
        return new NpyHeader { Element = element, Shape = shape.Value, Count = count, Bytes = [] };
    }

    private readonly ArrayElement Element(string descr)
    {
        foreach (var element in Enum.GetValues<ArrayElement>())
        {
            if (string.Equals(element.Descr(), descr, StringComparison.Ordinal))
            {
                return element;
            }
        }

        throw NpyRefusals.Descr(_name, descr);
    }

    private readonly long Count(ImmutableArray<long> shape, ArrayElement element)
    {
        // An empty dimension makes the array empty, whatever the others say.
        UInt128 count = shape.Contains(0) ? 0u : 1u;
        foreach (var length in count == 0 ? [] : shape)
        {
            count *= (ulong)length;
            if (count * (uint)element.Bytes() > long.MaxValue - NpyHeader.HeaderBytesMax - NpyHeader.PreludeBytes)
            {
                throw Refuse("its shape has more elements than any file.");
            }
        }

        return (long)count;
    }

    private string ReadDescr()
    {
        SkipBlanks();
        if (_at < _text.Length && _text[_at] is '[' or '(')
        {
            throw Refuse("it is a structured array, whose elements are records. Save its fields as arrays of their own.");
        }

        return ReadText();
    }

    private string ReadText()
    {
        SkipBlanks();
        if (_at == _text.Length || _text[_at] is not ('\'' or '"'))
        {
            throw Unexpected("a text in quotes");
        }

        var rest = _text[(_at + 1)..];
        var length = rest.IndexOfAny(_text[_at], '\\');
        if (length < 0 || rest[length] == '\\')
        {
            throw Unexpected("a text in quotes");
        }

        _at += length + 2;
        return rest[..length].ToString();
    }

    private bool ReadFlag()
    {
        SkipBlanks();
        foreach (var (word, value) in ((string, bool)[])[("False", false), ("True", true)])
        {
            if (_text[_at..].StartsWith(word))
            {
                _at += word.Length;
                return value;
            }
        }

        throw Unexpected("True or False");
    }

    private ImmutableArray<long> ReadShape()
    {
        var shape = ImmutableArray.CreateBuilder<long>();
        Expect('(');
        while (!Takes(')'))
        {
            shape.Add(ReadLength());
            if (shape.Count > NpyHeader.DimensionsMax)
            {
                throw Refuse($"it has more than {ArrayWords.Of(NpyHeader.DimensionsMax)} dimensions.");
            }

            if (!Takes(','))
            {
                // One number in parentheses is a number in Python, and no tuple.
                if (shape.Count == 1)
                {
                    throw Unexpected("a comma");
                }

                Expect(')');
                break;
            }
        }

        return shape.ToImmutable();
    }

    private long ReadLength()
    {
        SkipBlanks();
        var rest = _text[_at..];
        var digits = rest.IndexOfAnyExceptInRange('0', '9');
        digits = digits < 0 ? rest.Length : digits;
        if (rest.StartsWith('-'))
        {
            throw Refuse("its shape has a negative number.");
        }

        if (digits == 0)
        {
            throw Unexpected("a number");
        }

        if (!long.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            throw Refuse("its shape has more elements than any file.");
        }

        _at += digits;
        if (_at < _text.Length && _text[_at] == 'L')
        {
            // Python 2 wrote its long numbers so.
            _at++;
        }

        return length;
    }

    private bool Takes(char c)
    {
        SkipBlanks();
        if (_at == _text.Length || _text[_at] != c)
        {
            return false;
        }

        _at++;
        return true;
    }

    private void Expect(char c)
    {
        if (!Takes(c))
        {
            throw Unexpected($"'{c}'");
        }
    }

    private void SkipBlanks()
    {
        while (_at < _text.Length && _text[_at] is ' ' or '\n')
        {
            _at++;
        }
    }

    private readonly FileFailedException Unexpected(string expected) => Refuse(
        $"at character {ArrayWords.Of(_at + 1)} of its header stands {(_at < _text.Length ? NpyRefusals.Show(_text[_at..].ToString()) : "nothing")}, not {expected}.");

    private readonly FileFailedException Refuse(string reason) => NpyRefusals.Of(_name, reason);
}
