using System.Globalization;
using OrleansClean.Bench;

// run.sh sets these; see there for what they mean.
var places = new Places(Need("BENCH_HOME"), Need("PEERS"), Need("PEERS_HOME"), Need("BENCH_PLAN"));
var rounds = int.Parse(Need("BENCH_ROUNDS"), CultureInfo.InvariantCulture);
var only = args.Length > 0 ? args : ["w1", "w2", "w3", "w4", "w5", "memory", "curves"];
var file = Need("BENCH_PAGE");
var page = new BenchmarkPage(Machine.Describe(places.Home), Need("BENCH_VERSIONS"), Need("BENCH_COMMIT"), rounds);
if (Asked("w1") || Asked("w5"))
{
    Console.WriteLine($"same job? {SameJob.Check(places, Contender.OfExample2(places))}");
}

if (Asked("w1"))
{
    var race = new Race(places, places.Data("w1"));
    page.Table("W1: many files", Shape(race, "50,000 rows each, eight columns, one of them always quoted"), race.Run(Contender.OfExample2(places), rounds));
}

if (Asked("w4"))
{
    page.Maps(new MapRace(places, rounds).Run());
}

if (Asked("w5"))
{
    var race = new Race(places, places.Data("w5"));
    page.Table("W5: many small files", Shape(race, "100 rows each, the columns of W1"), race.Run(Contender.OfExample2(places), rounds));
}

if (Asked("w2"))
{
    var contenders = Contender.OfExample3(places);
    var sameRows = SameJob.CheckOneFile(places, contenders);
    Console.WriteLine($"  {sameRows}");
    var race = new Race(places, places.Data("size-1000"));
    page.Table(
        "W2: one large file",
        Shape(race, $"the article's Example 3, `samples/article-example-3.yaml`: what is no number becomes 0.0. {sameRows} The article's own does not keep the order of rows"),
        race.Run(contenders, rounds),
        Contender.ArticleStream,
        [.. ((int[])[1000, 2000, 4000]).SelectMany(size => new Race(places, places.Data(FormattableString.Invariant($"size-{size}")))
            .Run([Contender.OursOnOneFile(places), Contender.OursOnAStream(places)], rounds: 1))]);
}

if (Asked("w3"))
{
    page.Arrays(new ArrayRace(places, rounds).Run());
}

if (Asked("memory"))
{
    page.Memory([.. ((int[])[10, 50, 100, 250, 500]).Select(size => new Race(places, places.Data(FormattableString.Invariant($"size-{size}")))
        .Run([Contender.OursOn(places)], rounds)[0])]);
}

if (Asked("curves"))
{
    const string folder = "benchmarks";
    var curves = new Curves(places, rounds).Run();
    Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(file)!, folder));
    foreach (var curve in curves)
    {
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(file)!, folder, curve.Name + ".svg"), CurveChart.Draw(curve));
    }

    page.Curves(curves, folder);
}

Console.WriteLine();
Console.WriteLine(page);
File.WriteAllText(file, page.Renew(File.Exists(file) ? File.ReadAllText(file) : ""));

bool Asked(string part)
{
    var isAsked = only.Contains(part, StringComparer.Ordinal);
    if (isAsked)
    {
        Console.WriteLine(part);
    }

    return isAsked;
}

static string Shape(Race race, string what) => string.Create(
    CultureInfo.InvariantCulture, $"{race.Files:N0} files, {race.InputBytes / 1e6:F0} MB: {what}; 4 % of the values blank, 5 % above 500.");

static string Need(string variable) => Environment.GetEnvironmentVariable(variable)
    ?? throw new InvalidOperationException($"{variable} is not set. Start bench/run.sh, which sets it.");
