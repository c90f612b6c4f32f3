using System.Collections.Immutable;
using OrleansClean.Cleaning.Csv;
using OrleansClean.Cleaning.Ledgers;

namespace OrleansClean.Cleaning.Ranges;

/// <summary>
/// Where the pieces of a large file begin, so that several machines can each clean some of them: exactly there where one reader, reading all of it,
/// begins a record. What lies between two beginnings is read the same whether the rest is there or not.
/// </summary>
/// <param name="pieceBytes">Bytes of a piece, at least.</param>
public sealed class FileSurvey(long pieceBytes)
{
    private readonly ImmutableArray<PiecePlace>.Builder _beginnings = ImmutableArray.CreateBuilder<PiecePlace>();
    private long _notBefore;

    /// <summary>The pieces, in the order of the file; empty before the pass.</summary>
    public ImmutableArray<FilePiece> Pieces =>
        [.. _beginnings.Select((begin, i) => new FilePiece(begin, i + 1 < _beginnings.Count ? _beginnings[i + 1] : End, i == 0))];

    /// <summary>Where the file ends.</summary>
    public PiecePlace End { get; private set; } = new(0, 0, 0, 0);

    /// <summary>How the file was read: as cleaning it in ranges on one machine tells it.</summary>
    public RangeReport? Reading { get; private set; }

    internal void Begin(PassTotals totals)
    {
        _beginnings.Clear();
        Mark(totals);
    }

    /// <summary>The pass stands between two ranges: a piece may begin here.</summary>
    internal void Reach(PassTotals totals)
    {
        if (totals.Reached.ByteOffset >= _notBefore)
        {
            Mark(totals);
        }
    }

    /// <summary>
    /// One reader has read up to here. It decided with what lies behind, at most one record's length: no piece begins where it may have looked.
    /// </summary>
    internal void Skip(PassTotals totals, Limits limits) =>
        _notBefore = Math.Max(_notBefore, totals.Reached.ByteOffset + (2L * limits.RecordBytesMax));

    internal void Finish(PassTotals totals, RangeReport reading)
    {
        End = PiecePlace.Of(totals);
        Reading = reading;
        if (_beginnings.Count > 1 && _beginnings[^1] == End)
        {
            _beginnings.RemoveAt(_beginnings.Count - 1);
        }
    }

    private void Mark(PassTotals totals)
    {
        _beginnings.Add(PiecePlace.Of(totals));
        _notBefore = totals.Reached.ByteOffset + pieceBytes;
    }
}

/// <summary>Where a record begins in a file, with all that a reader must know to go on there.</summary>
/// <param name="Line">The physical line from one.</param>
/// <param name="RecordsBefore">Records before it, the header not counted.</param>
/// <param name="ByteOffset">Bytes before it.</param>
/// <param name="Broken">Records with broken quotes before it.</param>
public sealed record PiecePlace(long Line, long RecordsBefore, long ByteOffset, int Broken)
{
    internal static PiecePlace Of(PassTotals totals) =>
        new(totals.Reached.Line, totals.Reached.RecordsBefore, totals.Reached.ByteOffset, totals.Broken);

    internal RecordPlace Record => new(Line, RecordsBefore, ByteOffset);
}
