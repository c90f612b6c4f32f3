using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OrleansClean.Cleaning.Plans;

/// <summary>
/// Names what a plan does by a hash: two plans of one fingerprint turn the same input into the same bytes. Comments, key
/// order and <c>about note name run tests</c> do not count.
/// </summary>
public static class PlanFingerprint
{
    /// <summary>Hex digits of a step's fingerprint.</summary>
    public const int StepDigits = 16;

    private static readonly JsonWriterOptions Options = new()
    {
        // The default escapes more than JSON needs, and what it escapes is the runtime's choice: hashes must not hang on it.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>SHA-256 in lower-case hex of <see cref="CanonicalForm"/>: <see cref="Plan.Fingerprint"/> of a plan as loaded.</summary>
    public static string Of(Plan plan) => Hash(writer => CanonicalPlan.Write(writer, plan));

    /// <summary>
    /// The plan's part of an output's effective fingerprint: as <see cref="Of"/>, of the plan as it is now, changes made
    /// after loading included. Whoever decides that an output is unchanged adds the frozen day, if a formula read it, and
    /// the output version.
    /// </summary>
    public static string Effective(Plan plan) => Of(plan);

    /// <summary>The first 16 hex digits of the SHA-256 of a step's canonical form; its id counts, its note does not.</summary>
    public static string OfStep(Step step) => Hash(writer => CanonicalStep.Write(writer, step))[..StepDigits];

    /// <summary>The fingerprint of reading, for the step <c>read</c> before the plan's own.</summary>
    public static string OfRead(Plan plan) => Hash(writer =>
    {
        writer.WriteStartObject();
        CanonicalPlan.WriteRead(writer, plan.Read);
        writer.WriteEndObject();
    })[..StepDigits];

    /// <summary>The fingerprint of the expectations, for the step <c>expect</c> that follows the plan's own.</summary>
    public static string OfExpectations(Plan plan) =>
        Hash(writer => CanonicalPlan.WriteExpectations(writer, plan))[..StepDigits];

    /// <summary>What is hashed: one line of JSON in which what equals its default is left out.</summary>
    public static string CanonicalForm(Plan plan) =>
        System.Text.Encoding.UTF8.GetString(ToJson(writer => CanonicalPlan.Write(writer, plan)));

    private static string Hash(Action<Utf8JsonWriter> write) => Convert.ToHexStringLower(SHA256.HashData(ToJson(write)));

    private static byte[] ToJson(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            write(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }
}
