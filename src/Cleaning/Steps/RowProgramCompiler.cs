using System.Collections.Immutable;
using System.Diagnostics;
using OrleansClean.Cleaning.Formulas;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Steps;

/// <summary>Compiles plans against headers.</summary>
internal static class RowProgramCompiler
{
    /// <summary>Barriers that a plan may chain: each costs one more pass over the input.</summary>
    public const int BarriersMax = 8;

    /// <summary>
    /// Compiles <paramref name="plan"/> against <paramref name="header"/> (cells as they stand in the file, quotes taken
    /// off). Throws <see cref="FileFailedException"/> with <c>missing-label</c>, <c>blank-header</c> or
    /// <c>duplicate-label</c> where the header does not carry what the plan speaks of; of a column that is not there the inner exception is the
    /// <see cref="PlanException"/> with its place. Where the plan itself does not fit (types, too many barriers) the code is
    /// <c>expression-error</c> and the inner exception the <see cref="PlanException"/> with every problem.
    /// </summary>
    public static RowProgram Compile(Plan plan, IReadOnlyList<string> header)
    {
        var compilation = new StepCompilation(header, plan.Path);
        var steps = ImmutableArray.CreateBuilder<RowStep>();
        foreach (var step in plan.Steps)
        {
            compilation.Begin(new StepIdentity(steps.Count + 1, step.Id, step.Verb, PlanFingerprint.OfStep(step)), step);
            steps.Add(CompileStep(step, compilation));
        }

        var fingerprint = PlanFingerprint.OfExpectations(plan);
        compilation.Begin(new StepIdentity(steps.Count + 1, ExpectStep.StepId, Verb: "", fingerprint), step: null);
        if (ExpectStep.Compile(plan.Expectations, compilation) is { } expectations)
        {
            steps.Add(expectations);
        }

        CountBarriers(plan, steps, compilation);
        FailOnProblems(plan, compilation);
        return new RowProgram
        {
            Steps = steps.ToImmutable(),
            Outputs = [.. compilation.Columns.All.Select(column => new OutputColumn(column.Name, column.Slot))],
            SlotNames = [.. compilation.Columns.SlotNames],
            SlotCount = compilation.Columns.SlotCount,
            SourceCount = compilation.Columns.SourceCount,
            AggregateCount = compilation.AggregateCount,
            IsGuarded = plan.Steps.Any(step => step is Step.Guard { Columns.All: true }),
        };
    }

    private static RowStep CompileStep(Step step, StepCompilation compilation)
    {
        if (step.When is null)
        {
            return CompileVerb(step, compilation);
        }

        var when = compilation.Compile(step.When, isCondition: true, out var isMissing);
        if (isMissing)
        {
            return step is Step.Derive derive && step.IfMissing.Literal is { } literal
                ? DeriveStep.CompileLiteral(derive, literal, compilation)
                : compilation.HeaderOnly();
        }

        var before = compilation.Columns.All.ToArray();
        var inner = CompileVerb(step, compilation);
        if (when is null || !inner.SeesRows)
        {
            return inner;
        }

        if (inner.IsBarrier && !when.Aggregates.IsEmpty)
        {
            compilation.Problems.Add(new PlanProblem(
                step.When.At,
                "The step would have to be measured twice: its `when` has an aggregate, and what it does looks at the whole file too.",
                "Derive a column with the condition in a step before, and say `when` with that column."));
        }

        return new WhenStep(compilation.Identity, when, step.OnError, inner, LostTypes(before, compilation));
    }

    private static RowStep CompileVerb(Step step, StepCompilation compilation) => step switch
    {
        Step.DropEmpty => DropEmptyStep.Compile(compilation),
        Step.NormalizeHeaders normalize => HeaderStep.Compile(normalize, compilation),
        Step.Rename rename => HeaderStep.Compile(rename, compilation),
        Step.Select select => HeaderStep.Compile(select, compilation),
        Step.Drop drop => HeaderStep.Compile(drop, compilation),
        Step.Trim trim => TrimStep.Compile(trim, compilation),
        Step.Case letterCase => CaseStep.Compile(letterCase, compilation),
        Step.Replace replace => ReplaceStep.Compile(replace, compilation),
        Step.Nulls nulls => NullsStep.Compile(nulls, compilation),
        Step.Parse parse => ParseStep.Compile(parse, compilation),
        Step.Fill fill => FillStep.Compile(fill, compilation),
        Step.Map map => MapStep.Compile(map, compilation),
        Step.Filter filter => FilterStep.Compile(filter, compilation),
        Step.Derive derive => DeriveStep.Compile(derive, compilation),
        Step.Dedupe dedupe => DedupeStep.Compile(dedupe, compilation),
        Step.Check check => CheckStep.Compile(check, compilation),
        Step.Guard guard => GuardStep.Compile(guard, compilation),
        _ => throw new UnreachableException($"The verb {step.Verb} has no step."),
    };

    /// <summary>Slots of columns that had a type before a step and have another one, or none, behind it.</summary>
    private static int[] LostTypes(ColumnBinding[] before, StepCompilation compilation)
    {
        var typeBySlot = compilation.Columns.All.ToDictionary(column => column.Slot, column => column.Type);
        return
        [
            .. before
                .Where(column => column.Type is not (ColumnType.Untyped or ColumnType.Text)
                    && typeBySlot[column.Slot] != column.Type)
                .Select(column => column.Slot),
        ];
    }

    private static void CountBarriers(Plan plan, ImmutableArray<RowStep>.Builder steps, StepCompilation compilation)
    {
        var barriers = steps.Where(step => step.IsBarrier).ToArray();
        if (barriers.Length <= BarriersMax)
        {
            return;
        }

        // Expectations come after the last step of the plan and have no place of their own there.
        var ninth = barriers[BarriersMax].Index;
        compilation.Problems.Add(new PlanProblem(
            ninth <= plan.Steps.Length ? plan.Steps[ninth - 1].At : default,
            $"The plan has {barriers.Length} steps that must see the whole file first, each for one more pass; {BarriersMax} are allowed:"
            + $" {string.Join(", ", barriers.Select(step => step.Id))}.",
            "Put aggregates into one derive, say formats for dates, or make two plans of it."));
    }

    private static void FailOnProblems(Plan plan, StepCompilation compilation)
    {
        if (compilation.Problems.Count == 0)
        {
            return;
        }

        var problems = compilation.Problems.OrderBy(problem => problem.At.Line).ThenBy(problem => problem.At.Column).ToArray();
        var exception = new PlanException(plan.Path, problems);

        // The failure of a file is kept in manifests, which are the same wherever the command was typed: no folders there.
        var inFile = string.Join('\n', problems.Select(problem => problem.Render(Path.GetFileName(plan.Path))));
        throw new FileFailedException(ProblemCodes.ExpressionError, $"The plan does not fit this file: {inFile}", exception);
    }
}
