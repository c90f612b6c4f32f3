using System.Runtime.InteropServices;

namespace OrleansClean.Batches.Tests.Worlds;

/// <summary>A hash of 64 bits that is the same in every process. Values count in their order; <see cref="AddAll"/> takes them in any.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct WorldHash
{
    private ulong _value;

    /// <summary>The hash so far.</summary>
    public readonly ulong Value => _value;

    /// <summary>Adds a number.</summary>
    public void Add(long number)
    {
        var mixed = (_value ^ (ulong)number) + 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        _value = mixed ^ (mixed >> 31);
    }

    /// <summary>Adds numbers.</summary>
    public void Add(params ReadOnlySpan<int> numbers)
    {
        foreach (var number in numbers)
        {
            Add((long)number);
        }
    }

    /// <summary>Adds a text.</summary>
    public void Add(string text)
    {
        foreach (var letter in text)
        {
            Add((long)letter);
        }
    }

    /// <summary>Adds things whose order does not matter.</summary>
    public void AddAll<T>(IEnumerable<T> things, Func<T, ulong> hash)
    {
        var sum = 0UL;
        foreach (var thing in things)
        {
            sum += hash(thing);
        }

        Add((long)sum);
    }
}
