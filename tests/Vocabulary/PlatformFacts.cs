namespace OrleansClean.Tests.Vocabulary;

/// <summary>A test that sends signals or needs what goes with them. Elsewhere it is skipped, and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute() => Skip = Platform.WhyNotUnix;
}

/// <summary>The same with cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnixTheoryAttribute : TheoryAttribute
{
    public UnixTheoryAttribute() => Skip = Platform.WhyNotUnix;
}

/// <summary>A test of what only Linux has: inodes that can be linked again, processes below /proc.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = Platform.WhyNotLinux;
}

/// <summary>The same with cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute() => Skip = Platform.WhyNotLinux;
}

/// <summary>Why tests of a system cannot run on this one; null if they can.</summary>
public static class Platform
{
    /// <summary>Of those that need signals.</summary>
    public static string? WhyNotUnix => OperatingSystem.IsWindows() ? "Windows has no signals." : null;

    /// <summary>Of those that need Linux.</summary>
    public static string? WhyNotLinux => OperatingSystem.IsLinux() ? null : "It needs what only Linux has.";
}
