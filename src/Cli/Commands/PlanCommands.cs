using System.CommandLine;
using OrleansClean.Cleaning;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Cli.Inspection;
using OrleansClean.Cli.Output;
using OrleansClean.Cli.Traces;
using OrleansClean.Cli.Usage;
using OrleansClean.Execution;

namespace OrleansClean.Cli.Commands;

/// <summary><c>plan new</c>: a plan to begin with.</summary>
internal sealed class PlanNewCommand : Card
{
    public PlanNewCommand(Terminal terminal)
        : base("new", "Print a plan to begin with. It runs as it is.")
    {
        Examples =
        [
            new("orleansclean plan new > plan.yaml", "a plan for any file"),
            new("orleansclean plan new --from in/a.csv > plan.yaml", "with the columns of this file"),
        ];
        var from = new Option<string?>("--from") { Description = "Look at this file for columns.", HelpName = "FILE" };
        var name = new Option<string?>("--name") { Description = "The plan's name. Default: the file's name, or my-plan.", HelpName = "NAME" };
        Add(from);
        Add(name);
        SetAction((parsed, cancellationToken) =>
        {
            var file = parsed.GetValue(from);
            var columns = file is null ? [] : Columns(file, cancellationToken);
            terminal.Out.Write(PlanTemplate.New(parsed.GetValue(name) ?? PlanName(file), columns, Glob(file)));
            return Task.FromResult(ExitCodes.Done);
        });
    }

    private static IReadOnlyList<string> Columns(string file, CancellationToken cancellationToken)
    {
        InputPath.Check(file);
        var inspected = Inspector.Inspect(file, cancellationToken);
        return inspected.Failure is { } failure
            ? throw new UsageException($"'{file}' cannot be read: {failure.Code}: {failure.Message}")
            : inspected.Columns!;
    }

    private static string PlanName(string? file) => file is null ? "my-plan" : Path.GetFileName(file).Split('.')[0];

    // The file's neighbours are most likely to be cleaned alike. A path that leads out of here would not be found again
    // from a plan that is put elsewhere.
    private static string? Glob(string? file)
    {
        if (file is null || Path.IsPathRooted(file) || file.Contains("..", StringComparison.Ordinal))
        {
            return null;
        }

        var folder = Path.GetDirectoryName(file)?.Replace('\\', '/');
        var name = Path.GetFileName(file);
        var extension = name.IndexOf('.', StringComparison.Ordinal) is var dot and > 0 ? name[dot..] : "";
        return string.IsNullOrEmpty(folder) ? $"*{extension}" : $"{folder}/*{extension}";
    }
}

/// <summary><c>plan check PLAN [FILES…]</c>: every problem of a plan at once.</summary>
internal sealed class PlanCheckCommand : Card
{
    public PlanCheckCommand(Terminal terminal)
        : base("check", "Check a plan, and whether the headers of files have the columns that it speaks of. Writes nothing.")
    {
        Examples =
        [
            new("orleansclean plan check plan.yaml", "the plan alone"),
            new("orleansclean plan check plan.yaml in/*.csv", "against these files, too"),
        ];
        Remarks = "Exit codes: 0 nothing is wrong; 2 something is.";
        var plan = new Argument<string>("PLAN") { Description = "The plan." };
        var files = new Argument<string[]>("FILES") { Description = "Files to hold it against.", HelpName = "FILES…", Arity = ArgumentArity.ZeroOrMore };
        var parameters = CommonOptions.Parameters();
        Add(plan);
        Add(files);
        Add(parameters);
        SetAction((parsed, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(plan);
            var loaded = PlanFile.Load(path, CommonOptions.Parameters(parsed, parameters));
            terminal.Line(
                $"{Visible.Path(path)}: good: {loaded.Name}, {Amounts.Of(loaded.Steps.Length, "step")}, " +
                $"{Amounts.Of(loaded.Expectations.Length, "expectation")}, {Amounts.Of(loaded.Tests.Length, "test")}, fingerprint {loaded.Fingerprint[..12]}");
            var wrong = (parsed.GetValue(files) ?? []).Count(file => !Fits(terminal, loaded, file));
            return Task.FromResult(wrong == 0 ? ExitCodes.Done : ExitCodes.Usage);
        });
    }

    private static bool Fits(Terminal terminal, Plan plan, string file)
    {
        InputPath.Check(file);
        try
        {
            var fit = Tracing.CheckHeader(plan, file);
            terminal.Line($"{Visible.Path(file)}: good: {Amounts.Of(fit.Header.Length, "column")} in, {Amounts.Of(fit.Columns.Length, "column")} out");
            return true;
        }
        catch (FileFailedException failure) when (failure.Code is ProblemCodes.ExpressionError && failure.InnerException is PlanException problems)
        {
            terminal.Line($"{Visible.Path(file)}: the plan does not fit its columns:\n{Visible.Message(problems.Message)}");
            return false;
        }
        catch (FileFailedException failure)
        {
            terminal.Line($"{Visible.Path(file)}{(failure.Line > 0 ? $":{failure.Line}" : "")}: {failure.Code}: {Visible.Message(failure.Message)}");
            return false;
        }
    }
}

/// <summary><c>plan test PLAN</c>: runs the examples in a plan.</summary>
internal sealed class PlanTestCommand : Card
{
    public PlanTestCommand(Terminal terminal)
        : base("test", "Run the examples in a plan: does the input give the output that they say?")
    {
        Examples = [new("orleansclean plan test plan.yaml", "each of them")];
        Remarks = "Exit codes: 0 every example holds; 1 one does not; 2 the plan is wrong.";
        var plan = new Argument<string>("PLAN") { Description = "The plan." };
        var parameters = CommonOptions.Parameters();
        Add(plan);
        Add(parameters);
        SetAction((parsed, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(plan);
            var loaded = PlanFile.Load(path, CommonOptions.Parameters(parsed, parameters));
            var results = PlanTestRunner.Run(loaded, DateTime.UtcNow, cancellationToken);
            foreach (var result in results)
            {
                terminal.Line(result.Passed
                    ? $"ok    {Visible.Text(result.Name, 200)}"
                    : $"FAIL  {Visible.Text(result.Name, 200)}   {Visible.Path(path)}:{result.At}");
                foreach (var difference in result.Differences)
                {
                    terminal.Line($"      {Visible.Text(difference, 400)}");
                }
            }

            var failed = results.Count(result => !result.Passed);
            terminal.Line(results.IsEmpty
                ? $"{Visible.Path(path)} has no tests. 'tests:' in a plan takes a name, an input under given: and an output under expect:."
                : $"{Amounts.Count(results.Length - failed)} passed, {Amounts.Count(failed)} failed");
            return Task.FromResult(failed == 0 ? ExitCodes.Done : ExitCodes.Failed);
        });
    }
}

/// <summary><c>plan explain PLAN</c>: the plan in plain words.</summary>
internal sealed class PlanExplainCommand : Card
{
    public PlanExplainCommand(Terminal terminal)
        : base("explain", "Say in plain words what a plan does, step by step.")
    {
        Examples = [new("orleansclean plan explain plan.yaml", "in the order of execution")];
        var plan = new Argument<string>("PLAN") { Description = "The plan." };
        var parameters = CommonOptions.Parameters();
        Add(plan);
        Add(parameters);
        SetAction(parsed =>
        {
            var loaded = PlanFile.Load(parsed.GetRequiredValue(plan), CommonOptions.Parameters(parsed, parameters));
            terminal.Line(Visible.Message(PlanExplainer.Explain(loaded)).TrimEnd('\n'));
            return ExitCodes.Done;
        });
    }
}

/// <summary><c>plan schema</c>: the JSON Schema of plans.</summary>
internal sealed class PlanSchemaCommand : Card
{
    public PlanSchemaCommand(Terminal terminal)
        : base("schema", "Print the JSON Schema of plans, with which editors complete and check them.")
    {
        Examples = [new("orleansclean plan schema > plan.schema.json", "beside the plan")];
        Remarks = "A plan that begins with '# yaml-language-server: $schema=plan.schema.json' is then checked while it is typed.";
        SetAction(parsed =>
        {
            terminal.Out.Write(PlanSchema.Generate());
            return ExitCodes.Done;
        });
    }
}
