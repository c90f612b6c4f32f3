using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OrleansClean.Cleaning;
using OrleansClean.Execution.Mapping.Lines;

namespace OrleansClean.Execution.Mapping.Functions;

/// <summary>A function of one typed input, called with text and giving JSON.</summary>
internal sealed class BoundFunction<TInput, TResult>(Func<TInput, CancellationToken, TResult> function) : LineFunction
{
    /// <summary>Bytes of a result as JSON.</summary>
    private const int ResultBytesMax = 16 << 20;

    /// <summary>Characters of an input that a message quotes.</summary>
    private const int QuotedMax = 80;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.Default };

    /// <inheritdoc />
    public override LineFault? Invoke(ReadOnlySpan<byte> input, JsonText result, CancellationToken cancellationToken)
    {
        if (!TextValues.TryRead<TInput>(input, out var value))
        {
            return new LineFault(ProblemCodes.TypeError, $"\"{Quote(input)}\" is no {TextValues.Types[typeof(TInput)]}, which the function takes.");
        }

        try
        {
            return Write(function(value, cancellationToken), result);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (OutOfMemoryException)
        {
            return new LineFault(ProblemCodes.MemoryLimit, "The function needed more memory than it may have.");
        }
#pragma warning disable CA1031 // It is somebody's function: whatever it throws is what became of this input.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return LineFault.Of(ProblemCodes.FunctionFailed, $"{e.GetType().Name}: {e.Message}");
        }
    }

    private static LineFault? Write(TResult value, JsonText result)
    {
        switch (value)
        {
            case null: result.Append("null"u8); break;
            case string text: result.AppendString(text); break;
            case bool truth: result.Append(truth ? "true"u8 : "false"u8); break;
            case int number: result.Append((long)number); break;
            case long number: result.Append(number); break;
            case decimal number: result.Append(number); break;
            case double number when double.IsFinite(number): result.Append(number); break;
            case double number:
                return new LineFault(ProblemCodes.ResultError, string.Create(CultureInfo.InvariantCulture, $"The result is {number}, which JSON cannot say."));
            default: return WriteAny(value, result);
        }

        return result.Length <= ResultBytesMax ? null : TooLarge();
    }

    private static LineFault? WriteAny(TResult value, JsonText result)
    {
        try
        {
            result.Append(JsonSerializer.SerializeToUtf8Bytes(value, value!.GetType(), Json));
        }
        catch (Exception e) when (e is NotSupportedException or JsonException or ArgumentException or InvalidOperationException)
        {
            return LineFault.Of(ProblemCodes.ResultError, $"JSON cannot say the result, a {value!.GetType().Name}: {e.Message}");
        }

        return result.Length <= ResultBytesMax ? null : TooLarge();
    }

    private static LineFault TooLarge() => new(ProblemCodes.ResultError, "The result is larger than 16 MiB. Write it to a file and give its name.");

    private static string Quote(ReadOnlySpan<byte> input)
    {
        var text = Encoding.UTF8.GetString(input[..Math.Min(input.Length, 4 * QuotedMax)]);
        return text.Length <= QuotedMax ? text : text[..QuotedMax] + "…";
    }
}
