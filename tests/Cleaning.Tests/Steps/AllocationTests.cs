using System.Collections.Immutable;
using System.Diagnostics;
using System.Reflection;
using System.Text;
using OrleansClean.Cleaning.Formulas;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Cleaning.Steps;

namespace OrleansClean.Cleaning.Tests.StepByStep;

public class AllocationTests
{
    private const string Header = "id,name,value,day,flag,note";

    [Theory]
    [InlineData("- drop_empty: rows\n- filter: value <= 500\n- derive:\n    ratio: value / 3", "7,Ann,12.50,2024-05-01,yes,x")]
    [InlineData("- trim: all\n- case: {name: title}\n- replace: {note: {x: yy}}", " 7 , ann LEE,12.50,2024-05-01,yes,axb ")]
    [InlineData("- nulls: [N/A]\n- fill: {note: none}\n- map: {flag: {yes: ja}}", "7,Ann,12.50,2024-05-01,yes,N/A")]
    [InlineData("- parse: {id: integer, value: \"decimal(8,3)\", flag: boolean}\n- check: id > 5", "007,Ann,12.5,2024-05-01,yes,x")]
    [InlineData("- parse: {day: {type: date, formats: [dd.MM.yyyy]}, value: {type: number, thousands: \"'\"}}", "7,Ann,1'250,01.05.2024,yes,x")]
    [InlineData("- replace: {columns: [note], pattern: '^y+$', with: z}\n- trim: all\n  when: id > 5", "7,Ann,12.50,2024-05-01,yes,x")]
    public void An_ordinary_row_allocates_nothing(string steps, string row)
    {
        var plan = PlanLoader.Load(
            $"plan: 1\nname: test\nsteps:\n{string.Concat(steps.Split('\n').Select(line => $"  {line}\n"))}write: out/{{name}}.csv\n",
            "plan.yaml",
            ImmutableDictionary<string, string>.Empty);
        var program = RowProgramCompiler.Compile(plan, Header.Split(','));
        var current = new Row(program.SlotCount, program.SourceCount, []);
        var context = new EvaluationContext(current, default) { Aggregates = new Value[program.AggregateCount] };
        var record = RecordOf(row);

        // The runtime allocates now and then on this thread, for tiering above all; an object per row would be in every round.
        // Unoptimised code keeps on the heap what the optimiser moves to the stack: there only growth is bounded.
        var isOptimised = typeof(RowProgramCompiler).Assembly.GetCustomAttribute<DebuggableAttribute>()?.IsJITOptimizerDisabled is not true;
        Assert.InRange(Enumerable.Range(0, 20).Min(_ => BytesOf(1_000)), 0, isOptimised ? 2_000 : 200_000);

        long BytesOf(int rows)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Run(rows);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        void Run(int rows)
        {
            for (var i = 0; i < rows; i++)
            {
                current.Load(record);
                foreach (var step in program.Steps)
                {
                    context.Clear();
                    Assert.True(step.Apply(current, context) == StepResult.Keep);
                }
            }
        }
    }

    private static Cleaning.Csv.Record RecordOf(string row)
    {
        var bytes = Encoding.UTF8.GetBytes(row);
        var bounds = new List<int> { -1 };
        bounds.AddRange(Enumerable.Range(0, bytes.Length).Where(i => bytes[i] == ','));
        bounds.Add(bytes.Length);
        return new Cleaning.Csv.Record { Buffer = bytes, Bounds = [.. bounds], FieldCount = bounds.Count - 1, Number = 1, Line = 2 };
    }
}
