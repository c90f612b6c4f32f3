namespace OrleansClean.Survival.Tests;

/// <summary>Where the processes begin that the tests kill.</summary>
internal static class Program
{
    public static int Main() => 0;
}
