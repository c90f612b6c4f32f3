using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using OrleansClean.Execution.Mapping;

namespace OrleansClean.Cli.Tests.Mapping;

/// <summary>Functions that do what functions should not. This assembly is the library that they are in.</summary>
internal static class NastyFunctions
{
    /// <summary>The path of this library.</summary>
    public static string Library => typeof(NastyFunctions).Assembly.Location;

    private static readonly HashSet<string> Seen = [];

    [MapFunction("nasty", About = "Does what the input says.")]
    public static string Nasty(string word)
    {
        switch (word)
        {
            case "loop":
                while (true)
                {
                    Thread.SpinWait(100);
                }

            case "deep": return Deeper(1).ToString(CultureInfo.InvariantCulture);
            case "fail-fast": Environment.FailFast("The function has given up."); break;
            case "exit": Environment.Exit(3); break;
            case "throw": throw new InvalidOperationException("It does not want to.");
            case "eat": return Eat();
            case "read": return $"read {Console.In.ReadToEnd().Length} characters";
            case "flaky":
                if (Seen.Add(word))
                {
                    throw new TimeoutException("Not the first time.");
                }

                break;
            case "print":
                Console.WriteLine("printed by the function");
                using (var raw = Console.OpenStandardOutput())
                {
                    raw.Write("written past the console\n"u8);
                }

                break;
            default: break;
        }

        return word.ToUpperInvariant();
    }

    [MapFunction("stay", About = "Writes its process id to a file and stays for ever.")]
    public static int Stay(string path)
    {
        File.WriteAllText(path + ".part", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        File.Move(path + ".part", path);
        while (true)
        {
            Thread.SpinWait(100);
        }
    }

    [MapFunction("counted", About = "Notes each call in a file; an input that names a file waits until it is gone.")]
    public static string Counted(string input, string notes)
    {
        File.AppendAllText(notes, input + "\n");
        while (File.Exists(input))
        {
            Thread.SpinWait(100);
        }

        return input.ToUpperInvariant();
    }

    [MapFunction("scaled", IsPure = true)]
    public static double Scaled(double x, double factor, int digits = 2) => Math.Round(x * factor, digits);

    [MapFunction("not-finite")]
    public static double NotFinite(double x) => x / 0;

    [MapFunction("objects")]
    public static object Objects(string text) => new { Text = text, Length = text.Length, Parts = text.Split(' ') };

    [MapFunction("waits")]
    public static Task<int> Waits(int x) => Task.FromResult(x);

    [MapFunction("takes-bytes")]
    public static int TakesBytes(byte[] bytes) => bytes.Length;

    [MapFunction("generic")]
    public static string Generic<T>(string text) => text + typeof(T).Name;

    [MapFunction("nothing")]
    public static void Nothing(string text) => _ = text;

    [MapFunction("twice")]
    public static int Twice(int x) => x * 2;

    [MapFunction("twice")]
    public static double TwiceOver(double x) => x * 2;

    public static int Unmarked(int x) => x;

    /// <summary>What Python calls a local object that cannot be pickled.</summary>
    public static Func<string, string> MakeClosure(string tax) => [MapFunction("closure")] (text) => text + tax;

    private static int Deeper(int depth) => depth < 0 ? 0 : 1 + Deeper(depth + 1) + Deeper(depth + 2);

    [SuppressMessage("Performance", "CA1861:Avoid constant arrays as arguments", Justification = "It is there to eat memory.")]
    private static string Eat()
    {
        var eaten = new List<byte[]>();
        while (true)
        {
            eaten.Add(Encoding.UTF8.GetBytes(new string('x', 100_000)));
        }
    }
}

/// <summary>A method that needs an object.</summary>
internal sealed class NotStatic
{
    private readonly int _summand = Environment.ProcessId;

    [MapFunction("not-static")]
    public int Add(int x) => x + _summand;
}
