using System.Globalization;
using Azure;
using Azure.Identity;
using Azure.Storage.Blobs.Models;

namespace OrleansClean.Storage.AzureBlobs;

/// <summary>What the service's answers mean.</summary>
internal static class BlobErrors
{
    /// <summary>True for what <see cref="Of"/> can name; not for the cancellation that the caller asked for.</summary>
    public static bool Knows(Exception exception, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested
        && exception is RequestFailedException or AggregateException or OperationCanceledException or IOException or HttpRequestException or AuthenticationFailedException;

    /// <summary>
    /// True if the answer leaves open whether a write was done: conflicts too, because it may be our own write, whose answer was
    /// lost, that is in the way. False for refusals that come before anything is written.
    /// </summary>
    public static bool LeavesOpen(Exception exception) => Last(exception) switch
    {
        RequestFailedException e => e.Status is 0 or 408 or 409 or 412 or 429 or >= 500 || Has(e, BlobErrorCode.InvalidBlockList),
        AuthenticationFailedException => false,
        _ => true,
    };

    /// <summary>True if this is the service's answer.</summary>
    public static bool Is(Exception exception, BlobErrorCode code) => Last(exception) is RequestFailedException e && Has(e, code);

    /// <summary>True if the service has nothing under that name, but the container is there.</summary>
    public static bool IsAbsent(Exception exception) =>
        Last(exception) is RequestFailedException { Status: 404 } e && !Has(e, BlobErrorCode.ContainerNotFound) && !Has(e, BlobErrorCode.ContainerBeingDeleted);

    public static bool HasStatus(Exception exception, int status) => Last(exception) is RequestFailedException e && e.Status == status;

    /// <summary><paramref name="action"/> completes "cannot be …": <c>read</c>, <c>written</c>, <c>listed</c>.</summary>
    public static StorageException Of(Exception exception, string place, string action)
    {
        var (fault, reason) = Last(exception) switch
        {
            RequestFailedException e => Explain(e),
            AuthenticationFailedException => (StorageFault.Denied, "this machine's identity is not accepted. Check that it has one, and its role."),
            OperationCanceledException => (StorageFault.Other, "the service did not answer in time."),
            var other => (StorageFault.Other, $"{other.Message.TrimEnd('.')}."),
        };
        return new StorageException(fault, $"{place} cannot be {action}: {reason}", exception);
    }

    /// <summary>What the service said, for the reason of an unknown outcome.</summary>
    public static string Describe(Exception exception) => Last(exception) switch
    {
        RequestFailedException { Status: 0 } e => e.Message,
        RequestFailedException e => Answer(e),
        OperationCanceledException => "no answer in time",
        var other => other.Message,
    };

    private static (StorageFault Fault, string Reason) Explain(RequestFailedException e) => e.Status switch
    {
        401 or 403 => (StorageFault.Denied, $"permission is denied ({Answer(e)}). Check the connection's key or role."),
        404 when Has(e, BlobErrorCode.ContainerNotFound) => (StorageFault.Missing, "the container does not exist. Create it, or check its name."),
        404 => (StorageFault.Missing, "it is not there any more."),
        413 => (StorageFault.TooLarge, "the service takes no request as large as this."),
        429 or 503 => (StorageFault.Throttled, $"the service asks for a pause ({Answer(e)})."),
        400 when Has(e, BlobErrorCode.InvalidBlobOrBlock) =>
            (StorageFault.Blocked, "another program left blocks under that name whose ids have another length. They expire a week after the last one; or write under another name."),
        409 when Has(e, BlobErrorCode.InvalidBlobType) => (StorageFault.Conflict, "a blob of another type has that name. Move it away."),
        0 => (StorageFault.Other, $"the service cannot be reached: {e.Message.TrimEnd('.')}."),
        _ => (StorageFault.Other, $"the service answered {Answer(e)}."),
    };

    /// <summary>Not by the code's own operator, which throws where there is no answer.</summary>
    private static bool Has(RequestFailedException e, BlobErrorCode code) => string.Equals(e.ErrorCode, code.ToString(), StringComparison.Ordinal);

    private static string Answer(RequestFailedException e) => string.Create(CultureInfo.InvariantCulture, $"{e.Status} {e.ErrorCode}").TrimEnd();

    /// <summary>After retries the client throws all failures together; the last one counts.</summary>
    private static Exception Last(Exception exception) => exception is AggregateException { InnerExceptions: [.., var last] } ? last : exception;
}
