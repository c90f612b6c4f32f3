using Orleans.Runtime;

namespace OrleansClean.Grains;

/// <summary>
/// A caller's call, however often it is sent: a client that got no answer asks the same again, and what it did the first time
/// must not look as if somebody else had done it. Travels beside the message, so that the message stays as it is.
/// </summary>
public static class GrainCall
{
    private const string Key = "oc.call";

    /// <summary>The call that is being answered; null if the caller named none.</summary>
    public static string? Current => RequestContext.Get(Key) as string;

    /// <summary>Names the call that the following messages of this flow belong to.</summary>
    public static void Begin() => RequestContext.Set(Key, Guid.NewGuid().ToString("N"));
}
