using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using OrleansClean.Cleaning.Csv;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Cleaning.Reading;
using Record = OrleansClean.Cleaning.Csv.Record;

namespace OrleansClean.Cleaning.Tests.Reading;

/// <summary>The vocabulary of these tests: make an input, open it, and tell what was found as text.</summary>
internal static class Inputs
{
    public static InputFile Open(byte[] content, ReadOptions? options = null, Limits? limits = null, int bytesAtOnce = int.MaxValue) =>
        InputFile.Open(() => new TrickleStream(content, bytesAtOnce), options ?? new ReadOptions(), limits ?? Limits.Default);

    public static InputFile Open(string text, ReadOptions? options = null, Limits? limits = null) =>
        Open(Encoding.UTF8.GetBytes(text), options, limits);

    public static byte[] Gzip(byte[] content, CompressionLevel level = CompressionLevel.Optimal)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, level))
            gzip.Write(content);
        return packed.ToArray();
    }

    public static byte[] Utf16(string text, bool bigEndian = false, bool bom = true)
    {
        var bytes = new byte[2 * text.Length];
        for (var i = 0; i < text.Length; i++)
        {
            if (bigEndian)
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2 * i), text[i]);
            else
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2 * i), text[i]);
        }

        byte[] mark = bigEndian ? [0xFE, 0xFF] : [0xFF, 0xFE];
        return bom ? [.. mark, .. bytes] : bytes;
    }

    /// <summary>All records as <c>number line-lineEnd @offset [cell|cell]</c>, or the code of what is wrong and the raw text.</summary>
    public static List<string> Records(InputFile input, ReaderTuning? tuning = null)
    {
        using var reader = input.OpenReader(tuning);
        return Records(reader);
    }

    public static List<string> Records(IRecordReader reader)
    {
        var found = new List<string>();
        var record = new Record();
        for (var result = reader.Read(record); result != ReadResult.End; result = reader.Read(record))
        {
            var place = $"{record.Number} {record.Line}-{record.LineEnd} @{record.ByteOffset}";
            found.Add(result == ReadResult.Record
                ? $"{place} [{string.Join('|', Cells(record))}]"
                : $"{place} {reader.Problem!.Code} {Encoding.Latin1.GetString(record.Raw)}{(record.IsTruncated ? "…" : "")}");
        }

        found.Add($"blank {reader.BlankLines}");
        return found;
    }

    public static IEnumerable<string> Cells(Record record)
    {
        var rules = new DialectRules(",", "\"", escape: null);
        for (var i = 0; i < record.FieldCount; i++)
            yield return Encoding.UTF8.GetString(record.IsDecoded ? record.RawField(i) : FieldText.Unquote(record.RawField(i), rules));
    }

    public static FileFailedException Fails(byte[] content, ReadOptions? options = null, Limits? limits = null) =>
        Assert.Throws<FileFailedException>(() => Records(Open(content, options, limits)));

    public static byte[] ReadAll(Stream stream)
    {
        using (stream)
        {
            var all = new MemoryStream();
            stream.CopyTo(all);
            return all.ToArray();
        }
    }
}
