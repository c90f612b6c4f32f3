using System.Globalization;
using System.Net;

namespace OrleansClean.Silo;

/// <summary>What a silo is told: by options of the command line, or by environment variables <c>ORLEANSCLEAN_…</c>.</summary>
internal sealed record SiloSettings
{
    /// <summary>The cluster's name.</summary>
    public required string Cluster { get; init; }

    /// <summary>The store that the cluster keeps itself in: a folder, or a container's address.</summary>
    public required string Store { get; init; }

    /// <summary>The silo's name in reports.</summary>
    public required string Name { get; init; }

    /// <summary>The address to listen on and to be found at.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>The port for other silos.</summary>
    public required int SiloPort { get; init; }

    /// <summary>The port for clients.</summary>
    public required int GatewayPort { get; init; }

    /// <summary>The port for health and readiness.</summary>
    public required int HttpPort { get; init; }

    /// <summary>Files cleaned side by side.</summary>
    public required int Slots { get; init; }

    /// <summary>How long a stopping silo waits for its last reports.</summary>
    public required TimeSpan Drain { get; init; }

    /// <summary>Where traces and metrics go, or null.</summary>
    public Uri? Otlp { get; init; }

    /// <summary>What <c>--help</c> prints.</summary>
    public const string Help = """
        Usage: OrleansClean.Silo --cluster NAME --store STORE [options]

        Each option can be given as an environment variable: --silo-port is ORLEANSCLEAN_SILO_PORT.

          --cluster NAME       the cluster: lower-case letters, digits and -, 3 to 63
          --store STORE        where the cluster keeps itself, a folder or blob://NAME/CONTAINER/PREFIX; all silos and clients name the same
          --name NAME          the silo's name in reports (default: the machine's name and the silo port)
          --address IP         listen here and be found here (default: 127.0.0.1)
          --silo-port PORT     for other silos (default: 11111)
          --gateway-port PORT  for clients (default: 30000)
          --http-port PORT     for /health and /ready (default: 8080)
          --slots N            files cleaned side by side (default: the CPUs that this process may use)
          --drain SECONDS      how long a stopping silo waits for its last reports (default: 20)
          --otlp URL           send traces and metrics there (default: nowhere)
        """;

    private static readonly string[] Known =
        ["cluster", "store", "name", "address", "silo-port", "gateway-port", "http-port", "slots", "drain", "otlp"];

    /// <summary>Reads all settings. Every mistake is told, not only the first: throws <see cref="SiloSettingsException"/>.</summary>
    public static SiloSettings Read(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        var mistakes = new List<string>();
        var given = Given(arguments, mistakes);
        string? Text(string key) => given.GetValueOrDefault(key) ?? environment(Variable(key));
        int Number(string key, int fallback, int min, int max)
        {
            if (Text(key) is not { } text)
            {
                return fallback;
            }

            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
            {
                return number;
            }

            mistakes.Add(string.Create(CultureInfo.InvariantCulture, $"--{key} is '{text}'. Give a number from {min} to {max}."));
            return fallback;
        }

        var cluster = Text("cluster") ?? "";
        if (!IsClusterName(cluster))
        {
            mistakes.Add(cluster.Length == 0
                ? "--cluster is missing. Give every silo and client of a cluster the same name."
                : $"--cluster is '{cluster}'. Give 3 to 63 lower-case letters, digits and '-', beginning with a letter or digit.");
        }

        var store = Text("store") ?? "";
        if (store.Length == 0)
        {
            mistakes.Add("--store is missing. Give the folder that all silos and clients of the cluster share.");
        }

        if (!IPAddress.TryParse(Text("address") ?? "127.0.0.1", out var address))
        {
            mistakes.Add($"--address is '{Text("address")}'. Give an IP address of this machine.");
        }

        Uri? otlp = null;
        if (Text("otlp") is { Length: > 0 } url && (!Uri.TryCreate(url, UriKind.Absolute, out otlp) || otlp.Scheme is not ("http" or "https")))
        {
            mistakes.Add($"--otlp is '{url}'. Give an address that begins with http:// or https://.");
        }

        var siloPort = Number("silo-port", 11111, 1, 65535);
        var settings = new SiloSettings
        {
            Cluster = cluster,
            Store = store,
            Name = Text("name") ?? string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{siloPort}"),
            Address = address ?? IPAddress.Loopback,
            SiloPort = siloPort,
            GatewayPort = Number("gateway-port", 30000, 1, 65535),
            HttpPort = Number("http-port", 8080, 1, 65535),
            Slots = Number("slots", Environment.ProcessorCount, 1, 1024),
            Drain = TimeSpan.FromSeconds(Number("drain", 20, 0, 3600)),
            Otlp = otlp,
        };
        if (new HashSet<int> { settings.SiloPort, settings.GatewayPort, settings.HttpPort }.Count < 3)
        {
            mistakes.Add("--silo-port, --gateway-port and --http-port must be three different ports.");
        }

        return mistakes.Count == 0 ? settings : throw new SiloSettingsException(string.Join('\n', mistakes));
    }

    /// <summary>True for a name that every store takes.</summary>
    internal static bool IsClusterName(string name) =>
        name.Length is >= 3 and <= 63 && name[0] is not '-' && name.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');

    private static string Variable(string key) => "ORLEANSCLEAN_" + key.ToUpperInvariant().Replace('-', '_');

    private static Dictionary<string, string> Given(IReadOnlyList<string> arguments, List<string> mistakes)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var place = 0; place < arguments.Count; place += 2)
        {
            var key = arguments[place].StartsWith("--", StringComparison.Ordinal) ? arguments[place][2..] : "";
            if (!Known.Contains(key, StringComparer.Ordinal))
            {
                mistakes.Add($"'{arguments[place]}' is no option of a silo. --help lists them.");
            }
            else if (place + 1 == arguments.Count)
            {
                mistakes.Add($"--{key} lacks its value.");
            }
            else if (!given.TryAdd(key, arguments[place + 1]))
            {
                mistakes.Add($"--{key} is given twice.");
            }
        }

        return given;
    }
}

/// <summary>The settings are wrong; the message has a line for each mistake.</summary>
internal sealed class SiloSettingsException(string message) : Exception(message);
