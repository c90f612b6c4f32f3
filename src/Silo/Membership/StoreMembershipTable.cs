using System.Diagnostics;
using Orleans;
using Orleans.Runtime;
using OrleansClean.Grains.Membership;
using OrleansClean.Storage;

namespace OrleansClean.Silo.Membership;

/// <summary>
/// Orleans' membership table over the cluster's document. A refused change is false and never an exception: Orleans reads
/// again and decides again.
/// </summary>
internal sealed class StoreMembershipTable(MembershipStore store) : IMembershipTable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(60);

    /// <summary>The first question: a store that is only just starting, or slow after a restart of everything, is asked again.</summary>
    public async Task InitializeMembershipTable(bool tryInitTableVersion)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await WithPatience(store.ReadAsync);
                return;
            }
            catch (Exception e) when (e is OperationCanceledException or StorageException { IsTransient: true } && waited.Elapsed < FirstPatience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500));
            }
        }
    }

    public Task DeleteMembershipTableEntries(string clusterId) => WithPatience(async token =>
    {
        await store.DeleteAsync(token);
        return true;
    });

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) =>
        WithPatience(token => store.ChangeAsync(table => table.CleanUp(beforeDate.UtcDateTime), token));

    public async Task<MembershipTableData> ReadRow(SiloAddress key) =>
        MembershipRows.Of(await WithPatience(store.ReadAsync), key.ToParsableString());

    public async Task<MembershipTableData> ReadAll() => MembershipRows.Of(await WithPatience(store.ReadAsync));

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion)
    {
        var (row, version) = (MembershipRows.Of(entry), MembershipRows.Number(tableVersion.VersionEtag));
        return WithPatience(token => store.ChangeAsync(table => table.Insert(row, version), token));
    }

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion)
    {
        var (row, tag, version) = (MembershipRows.Of(entry), MembershipRows.Number(etag), MembershipRows.Number(tableVersion.VersionEtag));
        return WithPatience(token => store.ChangeAsync(table => table.Update(row, tag, version), token));
    }

    public Task UpdateIAmAlive(MembershipEntry entry)
    {
        var (silo, at) = (entry.SiloAddress.ToParsableString(), DateTime.SpecifyKind(entry.IAmAliveTime, DateTimeKind.Utc));
        return WithPatience(token => store.ChangeAsync(table => table.Heartbeat(silo, at), token));
    }

    private static async Task<T> WithPatience<T>(Func<CancellationToken, Task<T>> call)
    {
        using var patience = new CancellationTokenSource(Patience);
        return await call(patience.Token);
    }
}
