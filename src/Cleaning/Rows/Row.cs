using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OrleansClean.Cleaning.Csv;

namespace OrleansClean.Cleaning;

/// <summary>
/// The current row, as steps and formulas see it: slots that read through to the record until a step writes them.
/// A slot below the header's width is the field of that place; the slots above belong to derived columns.
/// </summary>
public sealed class Row
{
    private readonly byte[][] _nullWords;
    private readonly int _sourceCount;
    private readonly SlotState[] _states;
    private readonly Value[] _typed;
    private readonly Value[] _texts;

    // Fields with doubled quotes as plain text, each made once: together no longer than the record.
    private readonly TextArena _unquoted = new();
    private bool _isTouched;
    private Record _record = new();

    /// <summary>A row of <paramref name="slotCount"/> slots, of which the first <paramref name="sourceCount"/> are fields.</summary>
    public Row(int slotCount, int sourceCount, IReadOnlyList<byte[]> nullWords)
    {
        _sourceCount = sourceCount;

        // In words of eight, so that they are cleared without a call.
        _states = new SlotState[(slotCount + 7) & ~7];
        _typed = new Value[slotCount];
        _texts = new Value[slotCount];
        _nullWords = [.. nullWords];
    }

    /// <summary>Bytes made while this row is processed.</summary>
    public TextArena Arena { get; } = new();

    /// <summary>True if a step gave any slot of this row another text than the field's own.</summary>
    internal bool HasNewText { get; private set; }

    /// <summary>The record that the row was loaded from.</summary>
    internal Record Record => _record;

    /// <summary>Points the row at <paramref name="record"/>, all slots untouched.</summary>
    internal void Load(Record record)
    {
        _record = record;
        Arena.Reset();
        if (_isTouched)
        {
            foreach (ref var eight in MemoryMarshal.Cast<SlotState, ulong>(_states.AsSpan()))
            {
                eight = 0;
            }

            _unquoted.Reset();
            _isTouched = false;
            HasNewText = false;
        }
    }

    /// <summary>The slot's text, quotes taken off; <see cref="ValueKind.Null"/> for an empty cell or a null word.</summary>
    public void ReadText(int slot, out Value text)
    {
        ReadVerbatim(slot, out text);
        if (text.TextLength == 0 || (_nullWords.Length != 0 && IsNullWord(text.AsText)))
        {
            text = Value.Null;
        }
    }

    /// <summary>The slot's text, quotes taken off, null words included: always <see cref="ValueKind.Text"/>, perhaps empty.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void ReadVerbatim(int slot, out Value text)
    {
        if (IsVerbatim(slot))
        {
            ReadField(slot, out text);
        }
        else
        {
            ReadNewText(slot, out text);
        }
    }

    /// <summary>The slot's typed value if a step typed it, else its text; null as in <see cref="ReadText"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void ReadValue(int slot, out Value value)
    {
        if ((_states[slot] & SlotState.Typed) != SlotState.Verbatim)
        {
            value = _typed[slot];
        }
        else
        {
            ReadText(slot, out value);
        }
    }

    /// <summary>True if <see cref="ReadValue"/> would give another value than null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool HasValue(int slot)
    {
        if ((_states[slot] & SlotState.Typed) != SlotState.Verbatim)
        {
            return !_typed[slot].IsNull;
        }

        ReadText(slot, out var text);
        return !text.IsNull;
    }

    /// <summary>Gives the slot a typed value and leaves its text as it is. A null value keeps the text too.</summary>
    public void SetTyped(int slot, in Value typed)
    {
        _typed[slot] = typed;
        _states[slot] |= SlotState.Typed;
        _isTouched = true;
    }

    /// <summary>Gives the slot a typed value and another text.</summary>
    public void SetTyped(int slot, in Value typed, in Value text)
    {
        _typed[slot] = typed;
        _texts[slot] = text;
        _states[slot] = SlotState.Typed | SlotState.TextReplaced;
        (_isTouched, HasNewText) = (true, true);
    }

    /// <summary>Gives the slot another text and no type.</summary>
    public void SetText(int slot, in Value text)
    {
        _texts[slot] = text.IsNull ? EmptyText : text;
        _states[slot] = SlotState.TextReplaced;
        (_isTouched, HasNewText) = (true, true);
    }

    /// <summary>Gives the slot a value whose text is the plain form of its kind, made when it is needed.</summary>
    public void SetValue(int slot, in Value value)
    {
        if (value.Kind is ValueKind.Text or ValueKind.Null)
        {
            _texts[slot] = value.IsNull ? EmptyText : value;
            _typed[slot] = value;
            _states[slot] = SlotState.Typed | SlotState.TextReplaced;
        }
        else
        {
            _typed[slot] = value;
            _states[slot] = SlotState.Typed | SlotState.TextOfValue;
        }

        (_isTouched, HasNewText) = (true, true);
    }

    /// <summary>Takes the typed value off the slot and leaves its text as it is.</summary>
    public void Untype(int slot)
    {
        if ((_states[slot] & SlotState.TextOfValue) != SlotState.Verbatim)
        {
            ReadVerbatim(slot, out _);
        }

        _states[slot] &= ~SlotState.Typed;
    }

    /// <summary>True if the slot still shows the field's own bytes.</summary>
    internal bool IsVerbatim(int slot) => (_states[slot] & SlotState.TextMask) == SlotState.Verbatim;

    /// <summary>The value whose plain form is the slot's text, if that text was not made yet.</summary>
    internal bool TryGetUnformatted(int slot, out Value value)
    {
        value = _typed[slot];
        return (_states[slot] & SlotState.TextMask) == SlotState.TextOfValue;
    }

    private static Value EmptyText { get; } = Value.Text([]);

    private void ReadNewText(int slot, out Value text)
    {
        if ((_states[slot] & SlotState.TextOfValue) != SlotState.Verbatim)
        {
            _texts[slot] = ValueText.Format(_typed[slot], Arena);
            _states[slot] = (_states[slot] & SlotState.Typed) | SlotState.TextReplaced;
        }

        text = _texts[slot];
    }

    private void ReadField(int slot, out Value text)
    {
        if (slot >= _sourceCount || slot >= _record.FieldCount)
        {
            text = EmptyText;
            return;
        }

        var bounds = _record.Bounds;
        var start = bounds[_record.First + slot] + 1;
        var end = bounds[_record.First + slot + 1];
        var buffer = _record.Buffer;
        if (end - start >= 2 && buffer[start] == (byte)'"' && !_record.IsDecoded)
        {
            ReadQuoted(slot, buffer, start + 1, end - 1, out text);
            return;
        }

        text = Value.Text(buffer, start, end - start);
    }

    private void ReadQuoted(int slot, byte[] buffer, int start, int end, out Value text)
    {
        if ((_states[slot] & SlotState.Unquoted) != SlotState.Verbatim)
        {
            text = _texts[slot];
            return;
        }

        text = Value.Text(buffer, start, end - start);
        if (text.AsText.Contains((byte)'"'))
        {
            text = _texts[slot] = Unquote(text.AsText);
            _states[slot] |= SlotState.Unquoted;
            _isTouched = true;
        }
    }

    private Value Unquote(ReadOnlySpan<byte> inner)
    {
        // All fields of a record together are far below the arena's bound: this cannot fail.
        _unquoted.TryReserve(inner.Length, out var array, out var at);
        var written = at;
        for (var quote = inner.IndexOf((byte)'"'); quote >= 0; quote = inner.IndexOf((byte)'"'))
        {
            inner[..(quote + 1)].CopyTo(array.AsSpan(written));
            written += quote + 1;
            inner = inner[Math.Min(quote + 2, inner.Length)..];
        }

        inner.CopyTo(array.AsSpan(written));
        return Value.Text(array, at, written + inner.Length - at);
    }

    private bool IsNullWord(ReadOnlySpan<byte> text)
    {
        foreach (var word in _nullWords)
        {
            if (text.SequenceEqual(word))
            {
                return true;
            }
        }

        return false;
    }

    [Flags]
    private enum SlotState : byte
    {
        Verbatim = 0,
        Typed = 1,
        TextReplaced = 2,
        TextOfValue = 4,

        // The field's text without its quotes is kept; the field itself still counts as untouched.
        Unquoted = 8,

        TextMask = TextReplaced | TextOfValue,
    }
}
