using System.Runtime.CompilerServices;

namespace OrleansClean.Execution.Tests.Vocabulary;

/// <summary>All files of these tests that have two workers are cleaned in ranges of four kilobytes, so that none is too small for them.</summary>
internal static class TinyRanges
{
    [ModuleInitializer]
    internal static void Force() => Environment.SetEnvironmentVariable("ORLEANSCLEAN_RANGE_BYTES", "4096");
}
