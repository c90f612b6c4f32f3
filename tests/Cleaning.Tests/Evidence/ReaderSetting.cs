using OrleansClean.Cleaning.Csv;

namespace OrleansClean.Cleaning.Tests.Evidence;

/// <summary>How the engine is made to read: which scanner, how many bytes at a time. Never changes what it makes.</summary>
internal sealed record ReaderSetting(string Scanner, int? BufferBytes)
{
    public static ReaderSetting Default { get; } = new("vector", null);

    /// <summary>Both scanners, each with buffers that put a seam behind every byte, inside every word, and nowhere.</summary>
    public static IReadOnlyList<ReaderSetting> All { get; } =
    [
        .. from scanner in (string[])["vector", "scalar"]
           from bytes in (int?[])[null, 1, 7, 64]
           select new ReaderSetting(scanner, bytes),
    ];

    /// <summary>As the reader takes it.</summary>
    public ReaderTuning Tuning => BufferBytes is { } bytes
        ? new ReaderTuning { IsScalar = Scanner is "scalar", BufferBytes = bytes }
        : new ReaderTuning { IsScalar = Scanner is "scalar" };

    public override string ToString() => $"{Scanner} scanner, buffer {BufferBytes?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "default"}";
}
