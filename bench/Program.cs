using System.Globalization;
using OrleansClean.Bench;

// run.sh sets these; see there for what they mean.
var places = new Places(Need("BENCH_HOME"), Need("PEERS"), Need("PEERS_HOME"), Need("BENCH_PLAN"));
var rounds = int.Parse(Need("BENCH_ROUNDS"), CultureInfo.InvariantCulture);
var only = args.Length > 0 ? args : ["w1", "w5", "w2", "w4", "memory"];

var page = new BenchmarkPage(Machine.Describe(places.Home), Need("BENCH_VERSIONS"), rounds);
var contenders = Contender.OfExample2(places);
if (only is not ["w4"])
{
    Console.WriteLine("same job?");
    var sameJob = SameJob.Check(places, contenders);
    Console.WriteLine($"  {sameJob}");
    page.Begin(sameJob);
}

if (only.Contains("w1", StringComparer.Ordinal))
{
    Console.WriteLine("W1");
    var race = new Race(places, places.Data("w1"));
    page.Table("W1: many files", Shape(race, "50,000 rows each, eight columns, one of them always quoted"), race.Run(contenders, rounds));
}

if (only.Contains("w4", StringComparer.Ordinal))
{
    Console.WriteLine("W4");
    page.Maps(new MapRace(places, rounds).Run());
}

if (only.Contains("w5", StringComparer.Ordinal))
{
    Console.WriteLine("W5");
    var race = new Race(places, places.Data("w5"));
    page.Table("W5: many small files", Shape(race, "100 rows each, the columns of W1"), race.Run(contenders, rounds));
}

if (only.Contains("w2", StringComparer.Ordinal))
{
    Console.WriteLine("W2");
    var one = Contender.OfExample3(places);
    var sameRows = SameJob.CheckOneFile(places, one);
    Console.WriteLine($"  {sameRows}");
    var race = new Race(places, places.Data("size-1000"));
    page.Table(
        "W2: one large file",
        Shape(race, $"the article's Example 3, `samples/article-example-3.yaml`: what is no number becomes 0.0. {sameRows} The article's own does not keep the order of rows"),
        race.Run(one, rounds),
        Contender.ArticleStream);
    var sizes = (int[])[1000, 2000, 4000];
    page.MemoryOfStreams([.. sizes.SelectMany(size => new Race(places, places.Data(FormattableString.Invariant($"size-{size}")))
        .Run([Contender.OursOnOneFile(places), Contender.OursOnAStream(places)], rounds: 1))]);
}

if (only.Contains("memory", StringComparer.Ordinal))
{
    Console.WriteLine("memory");
    var sizes = (int[])[10, 50, 100, 250, 500];
    page.Memory([.. sizes.Select(size => new Race(places, places.Data(FormattableString.Invariant($"size-{size}")))
        .Run([Contender.OursOn(places)], rounds)[0])]);
}

Console.WriteLine();
Console.WriteLine(page);
if (args.Length == 0)
{
    File.WriteAllText(Need("BENCH_PAGE"), page.ToString());
}

static string Shape(Race race, string what) => string.Create(
    CultureInfo.InvariantCulture, $"{race.Files:N0} files, {race.InputBytes / 1e6:F0} MB: {what}; 4 % of the values blank, 5 % above 500.");

static string Need(string variable) => Environment.GetEnvironmentVariable(variable)
    ?? throw new InvalidOperationException($"{variable} is not set. Start bench/run.sh, which sets it.");
