namespace OrleansClean.Execution.Mapping.Lines;

/// <summary>What a line with or without a result is written as.</summary>
internal interface ILineForm
{
    /// <summary>The line has a result. Says why that cannot be taken, or null.</summary>
    LineFault? Ok(LineChunk chunk, long index, ReadOnlySpan<byte> input, ReadOnlySpan<byte> json);

    /// <summary>The line has none.</summary>
    void Failed(LineChunk chunk, long index, ReadOnlySpan<byte> input, LineFault fault);
}

/// <summary>One JSON object for each input.</summary>
internal sealed class JsonLinesForm : ILineForm
{
    public LineFault? Ok(LineChunk chunk, long index, ReadOnlySpan<byte> input, ReadOnlySpan<byte> json)
    {
        var output = chunk.Output;
        Begin(output, index, input);
        output.Append(",\"result\":"u8);
        output.Append(json);
        output.Append("}\n"u8);
        return null;
    }

    public void Failed(LineChunk chunk, long index, ReadOnlySpan<byte> input, LineFault fault)
    {
        var output = chunk.Output;
        Begin(output, index, input);
        output.Append(",\"error\":{\"code\":"u8);
        output.AppendString(fault.Code);
        output.Append(",\"message\":"u8);
        output.AppendString(fault.Message);
        output.Append("}}\n"u8);
    }

    private static void Begin(JsonText output, long index, ReadOnlySpan<byte> input)
    {
        output.Append("{\"index\":"u8);
        output.Append(index);
        output.Append(",\"input\":"u8);
        output.AppendString(input);
    }
}

/// <summary>The results alone, one a line; an empty line where there is none. Text is written without quotes; what JSON escapes in it stays escaped.</summary>
internal sealed class PlainLinesForm : ILineForm
{
    public LineFault? Ok(LineChunk chunk, long index, ReadOnlySpan<byte> input, ReadOnlySpan<byte> json)
    {
        var output = chunk.Output;
        var isText = json is [(byte)'"', .., (byte)'"'];
        var rest = isText ? json[1..^1] : json;
        for (var quote = isText ? rest.IndexOf("\\\""u8) : -1; quote >= 0; quote = rest.IndexOf("\\\""u8))
        {
            // A quote needs no escape here, unless its backslash is the second of two.
            output.Append(rest[..quote]);
            output.Append(CountBackslashes(rest[..quote]) % 2 == 0 ? "\""u8 : "\\\""u8);
            rest = rest[(quote + 2)..];
        }

        output.Append(rest);
        output.Append("\n"u8);
        return null;
    }

    public void Failed(LineChunk chunk, long index, ReadOnlySpan<byte> input, LineFault fault) => chunk.Output.Append("\n"u8);

    private static int CountBackslashes(ReadOnlySpan<byte> text) => text.Length - text.TrimEnd((byte)'\\').Length;
}

/// <summary>Nothing for each input: one number for all. As a part of a map that is joined later, the results alone, one a line.</summary>
internal sealed class ReducedForm(Reduction kind, bool isPart) : ILineForm
{
    public LineFault? Ok(LineChunk chunk, long index, ReadOnlySpan<byte> input, ReadOnlySpan<byte> json)
    {
        var fault = (chunk.Reduced ??= new Reducing(kind)).Add(json);
        if (isPart && fault is null)
        {
            chunk.Output.Append(json);
            chunk.Output.Append("\n"u8);
        }

        return fault;
    }

    public void Failed(LineChunk chunk, long index, ReadOnlySpan<byte> input, LineFault fault)
    {
    }

    /// <summary>Writes what all results are reduced to.</summary>
    public static void Write(JsonText json, Reduction kind, Reducing reduced, LineForm form, long inputs, long failed)
    {
        if (form is LineForm.JsonLines)
        {
            json.Append("{\"reduce\":"u8);
            json.AppendString(kind.ToString().ToLowerInvariant());
            json.Append(",\"inputs\":"u8);
            json.Append(inputs);
            json.Append(",\"failed\":"u8);
            json.Append(failed);
            json.Append(",\"result\":"u8);
        }

        reduced.Write(json);
        json.Append(form is LineForm.JsonLines ? "}\n"u8 : "\n"u8);
    }
}
