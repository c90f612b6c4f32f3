using OrleansClean.Cleaning.Csv;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Cleaning.Reading;
using OrleansClean.Cleaning.Tests.Evidence;
using Xunit.Abstractions;

namespace OrleansClean.Cleaning.Tests.Reading;

/// <summary>Detection over the corpus, beside what a quick scan guessed of each file: hints, not truth.</summary>
public sealed class CorpusDialectTests(ITestOutputHelper output)
{
    /// <summary>Of every hundred hints so many must be met; the others were looked at, and most are the hint's mistake.</summary>
    private const int AgreeingPercentMin = 95;

    [CorpusFact]
    public void Delimiters_and_line_ends_are_those_that_were_guessed()
    {
        var groups = new SortedDictionary<string, (int Agreeing, int Hints)>(StringComparer.Ordinal);
        foreach (var cells in File.ReadLines(Path.Combine(Corpus.Folder!, "index.tsv")).Skip(1).Select(line => line.Split('\t')))
        {
            // The JSON files are oracles; as tables they mean nothing.
            var hints = cells[9].Split(' ');
            if (cells[0].EndsWith(".json", StringComparison.Ordinal) || Open(cells[0]) is not { } input)
                continue;
            var group = cells[0][..cells[0].IndexOf('/', StringComparison.Ordinal)];
            foreach (var agrees in new[] { AgreesOnDelimiter(input, hints), AgreesOnLineEnd(input, hints) })
            {
                var (agreeing, count) = groups.GetValueOrDefault(group);
                groups[group] = agrees is { } isMet ? (agreeing + (isMet ? 1 : 0), count + 1) : (agreeing, count);
                if (agrees == false)
                    output.WriteLine($"{cells[0]}: {input.Dialect}, guessed {cells[9]}");
            }
        }

        foreach (var (group, (agreeing, hints)) in groups)
            output.WriteLine($"{group,-18} {agreeing}/{hints}");
        var met = groups.Values.Sum(g => g.Agreeing);
        var all = groups.Values.Sum(g => g.Hints);
        Assert.True(all > 1_000, $"only {all} hints were found");
        Assert.True(met * 100 >= all * AgreeingPercentMin, $"{met} of {all} hints are met");
        Assert.Equal(groups["csv-spectrum"].Hints, groups["csv-spectrum"].Agreeing);
    }

    private static InputFile? Open(string path)
    {
        try
        {
            return InputFile.Open(() => File.OpenRead(Path.Combine(Corpus.Folder!, path)), new ReadOptions(), Limits.Default);
        }
        catch (FileFailedException failure) when (failure.Code.Length > 0)
        {
            return null;
        }
    }

    private static bool? AgreesOnDelimiter(InputFile input, string[] hints)
    {
        if (hints.Contains("single-col-or-odd-delim", StringComparer.Ordinal))
            return input.Header.Count <= 1 || input.Dialect.Delimiter is "^" or "~";
        return Array.Find(hints, hint => hint.StartsWith("delim:", StringComparison.Ordinal))?[6..] switch
        {
            "comma" => input.Dialect.Delimiter == "," && input.Header.Count > 1,
            "semicolon" => input.Dialect.Delimiter == ";",
            "tab" => input.Dialect.Delimiter == "\t",
            "pipe" => input.Dialect.Delimiter == "|",
            _ => null,
        };
    }

    private static bool? AgreesOnLineEnd(InputFile input, string[] hints) =>
        Array.Find(hints, hint => hint.StartsWith("eol:", StringComparison.Ordinal))?[4..] switch
        {
            "LF" => input.Dialect.Newline == "\n",
            "CRLF" => input.Dialect.Newline == "\r\n",
            "CR" => input.Dialect.Newline == "\r",
            "none" => input.Dialect.Newline.Length == 0,
            _ => null,
        };
}
