using OrleansClean.Cleaning.Steps;

namespace OrleansClean.Cleaning;

/// <summary>Told what each step does to every row of the deciding pass, in file order.</summary>
internal interface IStepWatcher
{
    /// <summary>The row is loaded and no step has seen it.</summary>
    void Loaded(Row row);

    /// <summary>A step decided the row.</summary>
    void Applied(RowStep step, StepResult result, Problem? problem);
}
