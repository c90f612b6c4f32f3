using System.Text;
using System.Text.Unicode;
using OrleansClean.Cleaning;
using OrleansClean.Execution.Mapping.Pools;

namespace OrleansClean.Execution.Mapping.Lines;

/// <summary>Some lines of input in one piece of memory, with the output that they have become so far. It is used again and again.</summary>
internal sealed class LineChunk(ILineForm form) : MapChunk
{
    /// <summary>Failures of a chunk that are shown in the summary.</summary>
    private const int FailuresShownMax = 5;

    private readonly List<int> _ends = [];
    private readonly HashSet<int> _cut = [];
    private byte[] _bytes = new byte[4_096];

    /// <inheritdoc />
    public override int Count => _ends.Count;

    /// <summary>Bytes of its inputs.</summary>
    public int Bytes => _ends.Count == 0 ? 0 : _ends[^1];

    /// <summary>The place of its first line among all, from zero.</summary>
    public long FirstIndex { get; private set; }

    /// <summary>What is to be written for the lines that are done.</summary>
    public JsonText Output { get; } = new();

    /// <summary>What the lines that are done are reduced to, if that is asked for.</summary>
    public Reducing? Reduced { get; set; }

    /// <summary>What became of the lines that are done and not delivered yet.</summary>
    public LineCounts Counts { get; private set; } = new();

    /// <summary>Empties it for lines from <paramref name="firstIndex"/> on.</summary>
    public void Begin(long firstIndex)
    {
        FirstIndex = firstIndex;
        Done = 0;
        _ends.Clear();
        _cut.Clear();
        Reduced = null;
        EndPart();
        if (_bytes.Length > 1 << 20)
        {
            _bytes = new byte[4_096];
        }
    }

    /// <summary>What is done so far was delivered.</summary>
    public void EndPart()
    {
        Output.Clear();
        Counts = new LineCounts();
    }

    /// <summary>Adds a line. Of one that is too long only its beginning is given.</summary>
    public void Add(ReadOnlySpan<byte> line, bool isCut)
    {
        var start = Bytes;
        if (_bytes.Length - start < line.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, start + line.Length));
        }

        line.CopyTo(_bytes.AsSpan(start));
        _ends.Add(start + line.Length);
        if (isCut)
        {
            _cut.Add(_ends.Count - 1);
        }
    }

    /// <summary>The line at <paramref name="index"/>.</summary>
    public ReadOnlySpan<byte> Line(int index)
    {
        var start = index == 0 ? 0 : _ends[index - 1];
        return _bytes.AsSpan(start, _ends[index] - start);
    }

    /// <summary>The line at <paramref name="index"/> as text.</summary>
    public string Text(int index) => Encoding.UTF8.GetString(Line(index));

    /// <summary>Why a line cannot be given to any function, or null.</summary>
    public LineFault? Refusal(int index) =>
        _cut.Count > 0 && _cut.Contains(index) ? new LineFault(ProblemCodes.LineTooLong, LineReader.TooLongText)
        : Utf8.IsValid(Line(index)) ? null
        : new LineFault(ProblemCodes.EncodingError, "The line is not sound UTF-8. Convert the file, for example with iconv.");

    /// <summary>The next line has a result.</summary>
    public void Succeed(ReadOnlySpan<byte> json)
    {
        if (form.Ok(this, FirstIndex + Done, Line(Done), json) is { } fault)
        {
            Fail(fault, attempts: 1);
            return;
        }

        Counts.Ok++;
        Done++;
    }

    /// <summary>The next line has none.</summary>
    public void Fail(LineFault fault, int attempts)
    {
        form.Failed(this, FirstIndex + Done, Line(Done), fault);
        Counts.Failed++;
        Counts.TimedOut += fault.Code is ProblemCodes.InputTimeout ? 1 : 0;
        if (Counts.First.Count < FailuresShownMax)
        {
            Counts.First.Add(new MapFailure(FirstIndex + Done, MapFailure.Cut(Text(Done)), fault.Code, fault.Message) { Attempts = attempts });
        }

        Done++;
    }
}

/// <summary>What became of lines.</summary>
internal sealed class LineCounts
{
    public long Ok { get; set; }

    public long Failed { get; set; }

    public long TimedOut { get; set; }

    public long Retries { get; set; }

    /// <summary>The first failures.</summary>
    public List<MapFailure> First { get; } = [];
}
