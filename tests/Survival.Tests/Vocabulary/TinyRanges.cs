using System.Runtime.CompilerServices;

namespace OrleansClean.Survival.Tests.Vocabulary;

/// <summary>A file of a few hundred bytes can be cut into pieces, in these tests and in the processes that they kill.</summary>
internal static class TinyRanges
{
    [ModuleInitializer]
    internal static void Force() => Environment.SetEnvironmentVariable("ORLEANSCLEAN_RANGE_BYTES", "64");
}
