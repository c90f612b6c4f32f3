using System.Reflection;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Execution.Running;

/// <summary>Which engine this is.</summary>
internal static class Engine
{
    /// <summary>
    /// The version of the output's bytes: raised only when the same input and plan may give other bytes than before.
    /// Every output made under another version is cleaned again.
    /// </summary>
    public const int OutputVersion = 1;

    /// <summary>The product's version.</summary>
    public static string Version { get; } =
        typeof(Engine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    /// <summary>Everything besides the input and the clock that decides an output's bytes.</summary>
    public static string Effective(Plan plan) => $"{PlanFingerprint.Effective(plan)}/{OutputVersion}";
}
