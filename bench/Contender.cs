namespace OrleansClean.Bench;

/// <summary>One way to do the job: its name in the table, and the command for a folder of inputs and an empty output folder.</summary>
/// <param name="Name">As the table shows it.</param>
/// <param name="Command">Input folder and output folder to command.</param>
/// <param name="Rounds">Runs at most: the slowest are not worth an hour.</param>
/// <param name="NeedsFolder">It writes into a folder that is there; the others make their own.</param>
internal sealed record Contender(string Name, Func<string, string, Command> Command, int Rounds = int.MaxValue, bool NeedsFolder = false)
{
    /// <summary>The article's script for one large file.</summary>
    public const string ArticleStream = "Process + Queue, the article";

    /// <summary>The article's script comes first: it is what all others are measured against.</summary>
    public const string Article = "pandas + Pool(2), the article";

    /// <summary>Ours.</summary>
    public const string Ours = "**orleansclean**, 2 workers";

    /// <summary>Ours and the peers on the article's Example 2.</summary>
    public static IReadOnlyList<Contender> OfExample2(Places places)
    {
        var (node, polars, none) = Environments(places);
        string Script(string name) => Path.Combine(places.Peers, "scripts", name);
        Command Run(IReadOnlyDictionary<string, string> environment, string program, params string[] arguments) =>
            new(program, arguments, places.Home, environment);
        return
        [
            OursOn(places),
            new(Article, (from, to) => Run(none, "/usr/bin/python3", Script("ex2_pool.py"), from, to, "2")),
            new("DuckDB, types detected", (from, to) => Run(node, "node", Script("duck_clean.js"), from, to, "2", "2", "window")),
            new("DuckDB, types given", (from, to) => Run(node, "node", Script("duck_clean_typed.js"), from, to, "2", "2")),
            new("Polars", (from, to) => Run(polars, "node", Script("polars_clean.js"), from, to)),
            new("CsvHelper 34, two threads", (from, to) => Run(none, places.CsvHelper34, "csvhelper", from, to, "500", "2")),
            new("Miller, two processes", (from, to) => Run(none, "bash", Script("miller_clean.sh"), from, to, "2"), Rounds: 1),
        ];
    }

    /// <summary>Ours and the peers on the article's Example 3: one file whose name is <see cref="Places.OneFile"/>.</summary>
    public static IReadOnlyList<Contender> OfExample3(Places places)
    {
        var (node, polars, none) = Environments(places);
        string Script(string name) => Path.Combine(places.Peers, "scripts", name);
        static string In(string folder) => Path.Combine(folder, Places.OneFile);
        static string Out(string folder) => Path.Combine(folder, "out.csv");
        Command Run(IReadOnlyDictionary<string, string> environment, string program, params string[] arguments) =>
            new(program, arguments, places.Home, environment);
        return
        [
            OursOnOneFile(places),
            OursOnOneFile(places, isSelfContained: true),
            OursOnAStream(places),
            new(ArticleStream, (from, to) => Run(none, "/usr/bin/python3", Script("ex3_pipeline.py"), In(from), Out(to)), Rounds: 1, NeedsFolder: true),
            new("DuckDB, two threads", (from, to) => Run(node, "node", Script("duck_stream.js"), In(from), Out(to), "2"), NeedsFolder: true),
            new("Polars, sink", (from, to) => Run(polars, "node", Script("polars_stream.js"), In(from), Out(to), "sink"), NeedsFolder: true),
            new(CsvHelperStream, (from, to) => Run(none, places.CsvHelper34, "stream", In(from), Out(to)), NeedsFolder: true),
        ];
    }

    /// <summary>CsvHelper 34 on one file: it keeps the order of rows, so rows can be compared one by one.</summary>
    public const string CsvHelperStream = "CsvHelper 34, one thread";

    /// <summary>The command on a file, in ranges.</summary>
    public static Contender OursOnOneFile(Places places, bool isSelfContained = false) => new(isSelfContained ? Ours + ", self-contained" : Ours, (from, to) => new Command(
        isSelfContained ? places.SelfContained : places.OrleansClean,
        ["run", places.StreamPlan, Path.Combine(from, Places.OneFile), "--out", to, "--workers", "2", "--progress", "none"],
        places.Home,
        new Dictionary<string, string>(StringComparer.Ordinal)));

    /// <summary>The command in a pipe. The other end of the pipe is part of the figures.</summary>
    public static Contender OursOnAStream(Places places) => new("**orleansclean**, `cat` to standard output", (from, to) => new Command(
        "bash",
        ["-c", $"cat '{Path.Combine(from, Places.OneFile)}' | '{places.OrleansClean}' run '{places.StreamPlan}' - -j 2 --progress none > '{Path.Combine(to, "out.csv")}'"],
        places.Home,
        new Dictionary<string, string>(StringComparer.Ordinal)), NeedsFolder: true);

    private static (Dictionary<string, string> Node, Dictionary<string, string> Polars, Dictionary<string, string> None) Environments(Places places)
    {
        Dictionary<string, string> node = new(StringComparer.Ordinal) { ["NODE_PATH"] = Path.Combine(places.PeersHome, "node_modules") };
        return (node, new(node, StringComparer.Ordinal) { ["POLARS_MAX_THREADS"] = "2" }, []);
    }

    /// <summary>The published command, as a user runs it.</summary>
    public static Contender OursOn(Places places) => new(Ours, (from, to) => new Command(
        places.OrleansClean,
        ["run", places.Plan, Path.Combine(from, "*.csv"), "--out", to, "--workers", "2", "--progress", "none"],
        places.Home,
        new Dictionary<string, string>(StringComparer.Ordinal)));
}

/// <summary>Where everything is.</summary>
/// <param name="Home">Data, outputs and the published command.</param>
/// <param name="Peers">The folder of peers: scripts and README.</param>
/// <param name="PeersHome">Where <c>setup.sh</c> installed what they need.</param>
/// <param name="Plan">The plan of Example 2.</param>
internal sealed record Places(string Home, string Peers, string PeersHome, string Plan)
{
    /// <summary>The repository: the plan is in its samples.</summary>
    public string Root => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Plan)!, ".."));

    public string OrleansClean => Path.Combine(Home, "orleansclean", "OrleansClean.Cli");

    /// <summary>The command with its runtime.</summary>
    public string SelfContained => Path.Combine(Home, "self-contained", "OrleansClean.Cli");

    /// <summary>The array of W3, and the programs that scale it.</summary>
    public string Arrays => Path.Combine(Home, "w3");

    public string CsvHelper34 => Path.Combine(PeersHome, "bin", "csvhelper34", "Bench34");

    /// <summary>The input of the workloads of one file.</summary>
    public const string OneFile = "one.csv";

    /// <summary>The plan of Example 3, beside that of Example 2.</summary>
    public string StreamPlan => Path.Combine(Path.GetDirectoryName(Plan)!, "article-example-3.yaml");

    public string Data(string name) => Path.Combine(PeersHome, "data", name);

    public string Outputs => Path.Combine(Home, "out");
}
