using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace OrleansClean.Execution.Mapping.Functions;

/// <summary>The functions that come with the command, to try it and to measure it. They are found as users' functions are.</summary>
internal static class SampleFunctions
{
    [MapFunction("heavy-compute", IsPure = true, About = "Sum of the roots of i + x for i from 0 to 9,999: the heavy function of an article on multiprocessing.", Example = "0 -> 666616.4591971082")]
    public static double HeavyCompute(double x, int terms = 10_000)
    {
        var sum = 0.0;
        for (var i = 0; i < terms; i++)
        {
            sum += Math.Sqrt(i + x);
        }

        return sum;
    }

    [MapFunction("square", IsPure = true, About = "The square: so small that only the way to it costs anything.", Example = "12 -> 144")]
    public static long Square(long x) => checked(x * x);

    [MapFunction("is-prime", IsPure = true, About = "Whether a whole number is prime; certain for all of 64 bits.", Example = "9223372036854775783 -> true")]
    public static bool IsPrime(long number) => Primes.IsPrime(number);

    [MapFunction("collatz", IsPure = true, About = "Steps to 1: halve what is even, triple what is odd and add one.", Example = "27 -> 111")]
    public static int Collatz(long start)
    {
        if (start < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(start), start, "It takes whole numbers from 1 on.");
        }

        var steps = 0;
        for (var number = (Int128)start; number != 1; steps++)
        {
            number = Int128.IsEvenInteger(number) ? number >> 1 : checked((3 * number) + 1);
        }

        return steps;
    }

    [MapFunction("sha256", IsPure = true, About = "The SHA-256 of the line's bytes, in hex.", Example = "abc -> \"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"")]
    public static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    [MapFunction("length", IsPure = true, About = "How many characters the line has: code points, not bytes.", Example = "naïve -> 5")]
    public static int Length(string text) => text.EnumerateRunes().Count();

    [MapFunction("word-count", IsPure = true, About = "How many words the line has: what stands between white space.", Example = "to be or not -> 4")]
    public static int WordCount(string text)
    {
        var words = 0;
        var isInside = false;
        foreach (var rune in text.EnumerateRunes())
        {
            var isSpace = Rune.IsWhiteSpace(rune);
            words += !isSpace && !isInside ? 1 : 0;
            isInside = !isSpace;
        }

        return words;
    }

    [MapFunction("sleep", About = "Waits so many seconds and gives them back: to try time limits, as the article does.", Example = "0.001 -> 0.001")]
    public static double Sleep(double seconds, CancellationToken cancellationToken)
    {
        if (seconds is < 0 or > 86_400)
        {
            throw new ArgumentOutOfRangeException(nameof(seconds), seconds.ToString(CultureInfo.InvariantCulture), "It waits 0 to 86,400 seconds.");
        }

        cancellationToken.WaitHandle.WaitOne(TimeSpan.FromSeconds(seconds));
        cancellationToken.ThrowIfCancellationRequested();
        return seconds;
    }
}

/// <summary>Whether numbers are prime.</summary>
internal static class Primes
{
    // Miller and Rabin's test with these bases is no guess below 3.3 × 10^24.
    private static readonly long[] Bases = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37];

    public static bool IsPrime(long number)
    {
        if (number < 2)
        {
            return false;
        }

        foreach (var prime in Bases)
        {
            if (number % prime == 0)
            {
                return number == prime;
            }
        }

        var twos = BitOperations.TrailingZeroCount(number - 1);
        var odd = (number - 1) >> twos;
        return Array.TrueForAll(Bases, b => IsStrongFor(b, number, odd, twos));
    }

    private static bool IsStrongFor(long b, long number, long odd, int twos)
    {
        var power = Power(b, odd, number);
        for (var i = 0; i < twos; i++)
        {
            if (power == number - 1 || (i == 0 && power == 1))
            {
                return true;
            }

            power = (long)(UInt128)((UInt128)(ulong)power * (ulong)power % (ulong)number);
        }

        return false;
    }

    private static long Power(long b, long exponent, long modulus)
    {
        UInt128 result = 1, square = (ulong)b;
        for (; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0)
            {
                result = result * square % (ulong)modulus;
            }

            square = square * square % (ulong)modulus;
        }

        return (long)result;
    }
}
