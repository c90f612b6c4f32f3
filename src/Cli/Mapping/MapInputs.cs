using OrleansClean.Cli.Output;
using OrleansClean.Execution;

namespace OrleansClean.Cli.Mapping;

/// <summary>The inputs of a map: a file, a pipe, or standard input.</summary>
internal static class MapInputs
{
    /// <summary>Opens them, with their size where it is known. They are read once, so a pipe will do.</summary>
    public static (Stream Stream, long? Bytes) Open(string path, Terminal terminal)
    {
        if (path is "-")
        {
            return (terminal.OpenIn(), null);
        }

        if (Directory.Exists(path))
        {
            throw new UsageException($"'{path}' is a folder. Inputs are the lines of one file: `ls {ShellWord.Of(path)} | orleansclean map … --inputs -` takes the names in it.");
        }

        if (!File.Exists(path))
        {
            throw new UsageException($"There is no file '{path}'. Inputs are the lines of a file, or of standard input: --inputs -");
        }

        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        return (file, file.CanSeek ? file.Length : null);
    }
}

/// <summary>Tells how much was read.</summary>
internal sealed class CountedInput(Stream inner, Action<int> read) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer);
        read(count);
        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
