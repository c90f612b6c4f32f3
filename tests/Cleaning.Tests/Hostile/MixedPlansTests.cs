using System.Text;
using System.Text.Json;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Cleaning.Tests.Evidence;
using Xunit.Abstractions;
using EvidenceRun = OrleansClean.Cleaning.Tests.Evidence.CleaningRun;

namespace OrleansClean.Cleaning.Tests.Hostile;

/// <summary>
/// Plans mixed at random from everything that the language has, over a messy file: what loads also runs, to a balanced report or
/// to a failure with a code. Half of them are JSON, and some are damaged after they were mixed.
/// </summary>
public sealed class MixedPlansTests(ITestOutputHelper output)
{
    private const string Input =
        "id,amount,city,day,paid\n1,12.50,Köln,2026-01-31,ja\n2,=1+1, Bonn ,31.1.2026,nein\n2,-3,,1/2/2026,\n,NA,\"a\nb\",2026-13-01,x\n5,1e300,-,,true\n\n6,1\n7,x,y,z,w,v\n";

    private const string Marks = "{}[](),:'\"#&*!|>%@`-?~\t\n\r \\\0\u2028é0a$";

    private static readonly string[] Columns = ["id", "amount", "city", "day", "paid"];

    private static readonly string[] OddColumns = ["missing", "=x", "", "all", "Id"];

    private static readonly string[] Formulas =
    [
        "amount > 1", "amount", "amount * 2", "id + amount", "city", "city = 'Köln'", "city like 'K%'", "city matches '^[A-Z]'", "max(amount)", "amount / avg(amount)",
        "count() > 1", "coalesce(amount, 0)", "case when id = 1 then city else 'x' end", "day > '2026-01-01'", "paid = 'ja'", "amount between 1 and ${p}", "id in (1, 2)",
        "round(amount, 2)", "upper(city)", "concat('=', city)", "1 / 0", "9223372036854775807 + id", "((((amount))))", "amount is null", "today()",
    ];

    private static readonly string[] OddFormulas = ["amount >", "nothing(1)", "'a' < 1", "null", "not paid", "", "amount < city", "1e999"];

    private static readonly string[] Types = ["integer", "number", "decimal", "date", "datetime", "boolean", "text", "decimal(4,1)"];

    [Fact]
    public void A_plan_that_loads_also_runs() => Seeds.ForEach(output, 3_000, 8, (seed, steps) =>
    {
        var random = new Random(seed);
        var text = Plan(random, steps);
        if (random.Next(4) == 0)
        {
            text = Damaged(text, random);
        }

        if (Load(text) is { } plan)
        {
            var run = EvidenceRun.Of(plan, Encoding.UTF8.GetBytes(Input));
            if (run.Failure is null)
            {
                run.AssertBalanced();
            }
            else
            {
                Assert.NotEqual(ProblemCodes.InternalError, run.Failure.Code);
            }
        }
    });

    [Fact]
    public void Enough_of_the_mixed_plans_load_and_run_to_be_worth_the_while()
    {
        var loaded = Enumerable.Range(1, 300).Select(seed => Load(Plan(new Random(seed), 3))).OfType<Plan>().ToArray();
        var cleaned = loaded.Count(plan => EvidenceRun.Of(plan, Encoding.UTF8.GetBytes(Input)).Report is not null);

        Assert.True(loaded.Length > 90 && cleaned > 30, $"{loaded.Length} loaded, {cleaned} cleaned");
    }

    private static Plan? Load(string text)
    {
        try
        {
            return PlanLoader.Load(text, "plan.yaml", new Dictionary<string, string>(StringComparer.Ordinal));
        }
        catch (PlanException e)
        {
            Assert.NotEmpty(e.Problems);
            return null;
        }
    }

    private static string Plan(Random random, int count)
    {
        var steps = Enumerable.Range(0, count).Select(i => Step(random, i)).ToArray();
        var read = Pick(random, "{}", "{}", "{}", "{\"nulls\": [\"NA\", \"-\"]}", "{\"header\": 1, \"delimiter\": \"comma\"}");
        var expect = random.Next(3) == 0 ? $", \"expect\": [{Formula(random)}]" : "";
        return random.Next(2) == 0
            ? $"{{\"plan\": 1, \"name\": \"p\", \"params\": {{\"p\": 5}}, \"read\": {(read == "{}" ? "{\"header\": 1}" : read)}, \"steps\": [{string.Join(", ", steps)}]{expect}, \"write\": \"out/{{name}}.csv\"}}"
            : $"plan: 1\nname: p\nparams: {{p: 5}}\nsteps:\n{string.Concat(steps.Select(step => $"  - {step}\n"))}{(count == 0 ? "  - trim: all\n" : "")}write: out/{{name}}.csv\n";
    }

    /// <summary>One step as JSON, which is YAML too. Mostly it makes sense.</summary>
    private static string Step(Random random, int number)
    {
        var column = Column(random);
        var formula = Formula(random);
        var argument = random.Next(20) switch
        {
            0 => "\"drop_empty\": \"rows\"",
            1 => $"\"normalize_headers\": {{\"map\": {{{column}: \"id2\"}}}}",
            2 => $"\"rename\": {{{column}: {Text(Pick(random, "other", "b", "=c"))}}}",
            3 => $"\"select\": [\"id\", \"amount\", \"city\", \"day\", {(column is "\"paid\"" ? column : "\"paid\"")}]",
            4 => $"\"drop\": [{column}]",
            5 => "\"trim\": \"all\"",
            6 => $"\"case\": {{{column}: {Text(Pick(random, "upper", "lower", "title"))}}}",
            7 => $"\"replace\": {{{column}: {{\"1\": \"{Pick(random, "", "==", "\\u0000")}\"}}}}",
            8 => $"\"replace\": {{\"columns\": \"all\", \"pattern\": {Text(Pick(random, "(a+)+$", "[0-9]", "^", "(?=x)"))}, \"with\": \"$1\"}}",
            9 => "\"nulls\": [\"NA\", \"-\"]",
            10 or 11 => $"\"parse\": {{{column}: {Text(Pick(random, Types))}}}",
            12 => $"\"fill\": {{{column}: {Pick(random, "1", "\"x\"", "true", "1.5")}}}",
            13 => $"\"map\": {{{column}: {{\"1\": \"one\", \"Köln\": \"=K\"}}}}",
            14 or 15 => $"\"filter\": {formula}",
            16 or 17 => $"\"derive\": {{{column}: {formula}, \"n{number}\": {Formula(random)}}}",
            18 => $"\"dedupe\": {{\"by\": [{column}], \"keep\": \"last\"}}",
            _ => Pick(random, $"\"check\": [{formula}]", $"\"check\": [{formula}]", "\"guard\": \"formulas\"", $"\"guard\": {{\"formulas\": \"reject\", \"columns\": [{column}]}}"),
        };
        var modifiers = random.Next(6) switch
        {
            0 => $", \"when\": {Formula(random)}",
            1 => ", \"if_missing\": \"skip\"",
            2 => $", \"when\": {Text("id > 1")}, \"on_error\": {Text(Pick(random, "keep", "null", "fail"))}",
            _ => "",
        };
        return $"{{\"id\": \"s{number}\", {argument}{modifiers}}}";
    }

    private static string Column(Random random) => Text(Pick(random, random.Next(12) == 0 ? OddColumns : Columns));

    private static string Formula(Random random) => Text(Pick(random, random.Next(12) == 0 ? OddFormulas : Formulas));

    private static string Damaged(string text, Random random)
    {
        var at = random.Next(text.Length);
        var length = random.Next(Math.Min(12, text.Length - at) + 1);
        var other = random.Next(text.Length);
        return random.Next(3) switch
        {
            0 => text.Remove(at, length),
            1 => text.Insert(other, text.Substring(at, length)),
            _ => text.Insert(at, $"{Marks[random.Next(Marks.Length)]}"),
        };
    }

    private static T Pick<T>(Random random, params T[] choices) => choices[random.Next(choices.Length)];

    private static string Text(string text) => JsonSerializer.Serialize(text);
}
