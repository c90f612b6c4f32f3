using System.Text.Json;

namespace OrleansClean.Cleaning.Plans;

/// <summary>Writes the parts of a plan that decide about outputs, in one order and with defaults left out.</summary>
internal static class CanonicalPlan
{
    /// <summary><c>read steps expect write</c> and the values of the parameters that they use.</summary>
    public static void Write(Utf8JsonWriter writer, Plan plan)
    {
        writer.WriteStartObject();
        writer.WriteNumber("plan", 1);
        WriteRead(writer, plan.Read);
        writer.WriteStartArray("steps");
        foreach (var step in plan.Steps)
        {
            CanonicalStep.Write(writer, step);
        }

        writer.WriteEndArray();
        writer.WritePropertyName("expect");
        WriteExpectations(writer, plan);
        WriteWrite(writer, plan.Write);
        WriteParameters(writer, plan);
        writer.WriteEndObject();
    }

    /// <summary>The expectations as a list.</summary>
    public static void WriteExpectations(Utf8JsonWriter writer, Plan plan)
    {
        writer.WriteStartArray();
        foreach (var expectation in plan.Expectations)
        {
            writer.WriteStartObject();
            writer.WriteString("check", expectation.Check.Syntax.ToCanonical());
            writer.WriteWord("severity", expectation.Severity, Severity.Error);
            writer.WriteFlag("batch", expectation.OfBatch);
            writer.WriteText("message", expectation.Message);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>How inputs are found and read, as the property <c>read</c>.</summary>
    public static void WriteRead(Utf8JsonWriter writer, ReadOptions read)
    {
        writer.WriteStartObject("read");
        writer.WriteSet("files", read.Files);
        writer.WriteSet("exclude", read.Exclude);
        writer.WriteText("encoding", read.Encoding);
        writer.WriteText("delimiter", read.Delimiter);
        writer.WriteText("quote", read.Quote);
        writer.WriteText("escape", read.Escape);
        writer.WriteText("comment", read.Comment);
        if (read.HeaderLine is { } line)
        {
            writer.WriteNumber("header", line);
        }

        writer.WriteTexts("columns", read.Columns);
        writer.WriteSet("nulls", read.Nulls);
        writer.WriteEndObject();
    }

    private static void WriteWrite(Utf8JsonWriter writer, WriteOptions write)
    {
        writer.WriteStartObject("write");
        writer.WriteString("to", write.To);
        writer.WriteFlag("combine", write.Combine);
        writer.WriteFlag("file_column", write.FileColumn);
        writer.WriteFlag("crlf", write.Crlf);
        writer.WriteFlag("bom", write.Bom);
        writer.WriteWord("quoting", write.Quoting, Quoting.Keep);
        writer.WriteEndObject();
    }

    private static void WriteParameters(Utf8JsonWriter writer, Plan plan)
    {
        writer.WriteStartObject("params");
        foreach (var name in ParameterUse.In(plan))
        {
            if (plan.Parameters.TryGetValue(name, out var literal))
            {
                writer.WriteLiteral(name, literal);
            }
        }

        writer.WriteEndObject();
    }
}
