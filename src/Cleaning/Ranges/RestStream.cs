using OrleansClean.Cleaning.Reading;

namespace OrleansClean.Cleaning.Ranges;

/// <summary>An input of which bytes that were read already can be given back: they come again, before the rest.</summary>
internal sealed class RestStream(Stream source) : ForwardStream(source)
{
    private readonly List<byte[]> _givenBack = [];
    private int _next;
    private int _read;
    private Exception? _failure;

    /// <summary>True if nothing that was given back is left: the next read asks the input.</summary>
    public bool IsAtSource => _next == _givenBack.Count && _failure is null;

    /// <summary>Puts bytes before all that is still to be read.</summary>
    public void GiveBack(IReadOnlyList<byte[]> parts)
    {
        List<byte[]> left = [.. _givenBack.Skip(_next)];
        if (left.Count > 0)
        {
            left[0] = left[0][_read..];
        }

        _givenBack.Clear();
        _givenBack.AddRange(parts.Concat(left).Where(part => part.Length > 0));
        (_next, _read) = (0, 0);
    }

    /// <summary>Passes over bytes that were read by an earlier attempt. Throws <see cref="FileFailedException"/> if they are not there.</summary>
    public void PassOver(long count, CancellationToken cancellationToken)
    {
        var scratch = new byte[256 << 10];
        while (count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var got = Source.Read(scratch, 0, (int)Math.Min(count, scratch.Length));
            count -= got > 0
                ? got
                : throw new FileFailedException(ProblemCodes.InputChanged, "the file became shorter while it was read; run again");
        }
    }

    /// <summary>Has reading fail once more, behind what was given back: the input does not fail twice at one place.</summary>
    public void FailAgain(Exception failure) => _failure = failure;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (_next < _givenBack.Count)
        {
            var part = _givenBack[_next].AsSpan(_read);
            var length = Math.Min(part.Length, buffer.Length);
            part[..length].CopyTo(buffer);
            _read += length;
            if (length == part.Length)
            {
                _givenBack[_next++] = [];
                _read = 0;
            }

            return length;
        }

        if (_failure is { } failure)
        {
            _failure = null;
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }

        return Source.Read(buffer);
    }
}
