using System.Globalization;
using Microsoft.Win32.SafeHandles;
using OrleansClean.Cleaning;

namespace OrleansClean.Execution.Streams;

/// <summary>Where a stream is spilled that a plan must read more than once.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="BytesMax">Bytes of the spilled input.</param>
internal sealed record SpillPlace(string Folder, long BytesMax);

/// <summary>
/// A temporary file without a name: it is gone when it is closed, and when the process is killed. (On Windows it has a name, and the
/// system deletes it with its last handle.)
/// </summary>
internal sealed class SpillFile : IDisposable
{
    private readonly SpillPlace _place;
    private readonly SafeFileHandle _handle;
    private long _length;

    public SpillFile(SpillPlace place)
    {
        _place = place;
        var path = Path.Join(place.Folder, $"orleansclean-{Guid.NewGuid():N}.spill");
        _handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, FileOptions.DeleteOnClose);
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path);
        }
    }

    /// <summary>Appends; throws <see cref="FileFailedException"/> beyond the limit.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_length + bytes.Length > _place.BytesMax)
        {
            throw new FileFailedException(
                ProblemCodes.StorageError,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The plan must see all rows before it decides the first, and the input has more than the {_place.BytesMax:N0} bytes that --temp-limit allows in {_place.Folder}. Raise it, or save the input to a file and name the file."));
        }

        RandomAccess.Write(_handle, bytes, _length);
        _length += bytes.Length;
    }

    /// <summary>Opens what was appended, from its beginning.</summary>
    public Stream Open() => new Content(this);

    public void Dispose() => _handle.Dispose();

    private sealed class Content(SpillFile file) : ForwardOnlyStream
    {
        private long _at;

        public override int Read(Span<byte> buffer)
        {
            var length = RandomAccess.Read(file._handle, buffer, _at);
            _at += length;
            return length;
        }
    }
}
