using System.Globalization;
using System.Text;

namespace OrleansClean.Bench;

/// <summary>Files of as many columns as are asked for, the same ones for the same numbers.</summary>
internal static class WideFile
{
    /// <summary>Writes one into <paramref name="folder"/>, unless it is there, and returns its path.</summary>
    public static string Write(string folder, int columns, int rows)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"columns-{columns}.csv"));
        if (File.Exists(path))
        {
            return path;
        }

        var random = new Random(columns);
        using (var file = new StreamWriter(path + ".part", append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 20))
        {
            file.NewLine = "\n";
            file.WriteLine(string.Join(',', Enumerable.Range(1, columns).Select(i => string.Create(CultureInfo.InvariantCulture, $"c{i}"))));
            for (var row = 0; row < rows; row++)
            {
                for (var column = 0; column < columns; column++)
                {
                    file.Write(column == 0 ? "" : ",");
                    file.Write(random.Next(100_000));
                }

                file.WriteLine();
            }
        }

        File.Move(path + ".part", path);
        return path;
    }
}
