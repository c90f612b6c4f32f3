using System.Text.RegularExpressions;

namespace OrleansClean.Storage;

/// <summary>
/// Keys, signatures and passwords inside of a text. Stores are named by connections that an operator configured, so none of them belongs
/// into a plan, a command or a report; people paste them all the same, and a message must not carry them on.
/// </summary>
public static partial class Secrets
{
    /// <summary>True if <paramref name="text"/> holds what <see cref="Hide"/> takes out.</summary>
    public static bool Has(string text) => Secret().IsMatch(text);

    /// <summary><paramref name="text"/> with <c>***</c> for the value of every key, signature, token and password.</summary>
    public static string Hide(string text) => Has(text) ? Secret().Replace(text, "${before}***${behind}") : text;

    // Connection strings, shared access signatures, bearer tokens, and passwords inside of addresses.
    [GeneratedRegex(
        """(?<before>\b(AccountKey|SharedAccessKey|SharedAccessSignature|Password|Pwd)[ ]?=[ ]?)[^;"'\s]+|(?<before>\bsig=)[^&;"'\s]+|(?<before>\bBearer\s)[A-Za-z0-9._~+/=-]{8,}|(?<before>[a-z]://)[^/\s:@"']*:[^/\s@"']+(?<behind>@)""",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Secret();
}
