using OrleansClean.Cleaning.Arrays;

namespace OrleansClean.Execution.Arrays;

/// <summary>What tests put in the place of the world.</summary>
/// <param name="Tuning">How arrays are cut.</param>
/// <param name="Points">What happens between the steps of a job.</param>
internal sealed record ArraySeams(ArrayTuning Tuning, ArrayPoints Points)
{
    public static ArraySeams Real => new(ArrayTuning.OfEnvironment(), ArrayPoints.OfEnvironment());
}

/// <summary>A job, checked and ready: what every part of it needs to know.</summary>
/// <param name="Spec">What to do.</param>
/// <param name="Request">How it was asked for.</param>
/// <param name="Input">The full path of the array.</param>
/// <param name="Workers">Threads.</param>
/// <param name="Seams">The world.</param>
internal sealed record ArrayJob(ArraySpec Spec, ArrayRequest Request, string Input, int Workers, ArraySeams Seams);
