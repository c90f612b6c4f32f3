namespace OrleansClean.Cleaning;

/// <summary>Tells how far a file is. Every pass reads the file once; together they count as its bytes, once.</summary>
internal sealed class PassProgress(Action<long, long>? tell, int passesExpected)
{
    private const int BytesPerCall = 512 << 10;

    private long _bytesOfFile;
    private long _bytesTold;
    private long _rowsTold;

    /// <summary>Passes begun.</summary>
    public int Passes { get; private set; }

    /// <summary>Begins a pass.</summary>
    public void BeginPass() => Passes++;

    /// <summary>Tells of bytes read and rows done in this pass, about once per buffer.</summary>
    public void Tell(long bytesRead, long rows)
    {
        if (tell is not null && Total(bytesRead) - _bytesTold >= BytesPerCall)
        {
            Tell(Total(bytesRead), rows, tell);
        }
    }

    /// <summary>Ends a pass in which the whole file was read.</summary>
    public void EndPass(long bytesRead, long rows)
    {
        if (tell is not null)
        {
            Tell(Total(bytesRead), rows, tell);
        }

        _bytesOfFile = bytesRead;
    }

    private long Total(long bytesRead) =>
        ((Passes - 1) * Math.Max(_bytesOfFile, bytesRead) + bytesRead) / Math.Max(Passes, passesExpected);

    private void Tell(long bytes, long rows, Action<long, long> progress)
    {
        progress(Math.Max(0, bytes - _bytesTold), rows - _rowsTold);
        _bytesTold = Math.Max(bytes, _bytesTold);
        _rowsTold = rows;
    }
}
