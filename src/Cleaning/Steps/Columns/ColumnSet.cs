using OrleansClean.Cleaning.Formulas;

namespace OrleansClean.Cleaning.Steps;

/// <summary>
/// The columns as they stand before the step that is being compiled: names, slots and types. Names need not be unique as
/// long as the plan does not speak of them.
/// </summary>
internal sealed class ColumnSet
{
    private const int Repeated = -1;

    private readonly Dictionary<string, int> _placeByName = new(StringComparer.Ordinal);
    private readonly List<string> _slotNames = [];
    private List<ColumnBinding> _columns;

    public ColumnSet(IReadOnlyList<string> header)
    {
        SourceCount = header.Count;
        _slotNames.AddRange(header);
        _columns = new List<ColumnBinding>(header.Count);
        for (var i = 0; i < header.Count; i++)
        {
            _columns.Add(new ColumnBinding(header[i], i, ColumnType.Untyped, i));
        }

        Reindex();
    }

    /// <summary>The columns in order.</summary>
    public IReadOnlyList<ColumnBinding> All => _columns;

    /// <summary>The last name that each slot had.</summary>
    public IReadOnlyList<string> SlotNames => _slotNames;

    /// <summary>Slots given out so far.</summary>
    public int SlotCount => _slotNames.Count;

    /// <summary>Columns of the header.</summary>
    public int SourceCount { get; }

    /// <summary>The column of that name, or null; <paramref name="isRepeated"/> if several have it.</summary>
    public ColumnBinding? Find(string name, out bool isRepeated)
    {
        var isKnown = _placeByName.TryGetValue(name, out var place);
        isRepeated = isKnown && place == Repeated;
        return isKnown && !isRepeated ? _columns[place] : null;
    }

    /// <summary>Appends a column with a slot of its own.</summary>
    public ColumnBinding Add(string name, ColumnType type)
    {
        var column = new ColumnBinding(name, SlotCount, type, SourceIndex: -1);
        _slotNames.Add(name);
        _placeByName.Add(name, _columns.Count);
        _columns.Add(column);
        return column;
    }

    /// <summary>Gives the column in <paramref name="slot"/> another type.</summary>
    public void Retype(int slot, ColumnType type)
    {
        var place = _columns.FindIndex(column => column.Slot == slot);
        _columns[place] = _columns[place] with { Type = type };
    }

    /// <summary>Puts other columns, or the same under other names, in the place of all.</summary>
    public void Replace(IEnumerable<ColumnBinding> columns)
    {
        _columns = [.. columns];
        Reindex();
    }

    private void Reindex()
    {
        _placeByName.Clear();
        for (var i = 0; i < _columns.Count; i++)
        {
            _slotNames[_columns[i].Slot] = _columns[i].Name;
            if (!_placeByName.TryAdd(_columns[i].Name, i))
            {
                _placeByName[_columns[i].Name] = Repeated;
            }
        }
    }
}
