using System.Collections;
using System.Globalization;

namespace OrleansClean.Batches.Tests;

/// <summary>Events, effects and answers as one line each: <c>dispatched 0#1 w1.1 +2s</c>.</summary>
internal static class Shown
{
    public static string Of(object? value) => value switch
    {
        null => "-",
        string text => text.Length == 0 ? "''" : text,
        AttemptId attempt => string.Create(CultureInfo.InvariantCulture, $"{attempt.Item}#{attempt.Number}"),
        WorkerId worker => string.Create(CultureInfo.InvariantCulture, $"{worker.Name}.{worker.Generation}"),
        Moment moment => string.Create(CultureInfo.InvariantCulture, $"+{moment.Milliseconds / 1000.0}s"),
        Failure failure => failure.IsTransient ? $"{failure.Code} (transient)" : failure.Code,
        BatchSpec spec => $"{spec.Id}:{spec.BodyHash}",
        IEnumerable many => $"[{string.Join(' ', many.Cast<object>().Select(Of))}]",
        BatchEvent or BatchEffect or BatchAnswer => Record(value),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Record(object record) => string.Join(
        ' ',
        new[] { Kebab(record.GetType().Name) }.Concat(
            record.GetType().GetProperties()
                .Where(property => property.Name is not ("EqualityContract" or nameof(BatchEvent.IsDurable) or nameof(BatchEvent.Aside) or nameof(BatchEvent.Kept) or nameof(BatchEffect.Round)))
                .Select(property => (property.Name, Value: property.GetValue(record)))
                .Where(property => property is not (nameof(BatchEvent.Listed.Pieces), null))
                .Select(property => Of(property.Value)))
            .Concat(record is BatchEffect { Round: > 0 and var round } ? [string.Create(CultureInfo.InvariantCulture, $"round={round}")] : []));

    private static string Kebab(string name) => string.Concat(
        name.Select((letter, i) => char.IsUpper(letter) ? (i > 0 ? "-" : "") + char.ToLowerInvariant(letter) : letter.ToString()));
}
