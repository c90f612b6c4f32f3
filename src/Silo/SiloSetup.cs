using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using OrleansClean.Batches;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Hosting.Works;
using OrleansClean.Grains;
using OrleansClean.Grains.Membership;
using OrleansClean.Grains.Registry;
using OrleansClean.Grains.Running;
using OrleansClean.Silo.Membership;
using OrleansClean.Silo.Running;
using OrleansClean.Storage;
using OrleansClean.Wire;

namespace OrleansClean.Silo;

/// <summary>Composes a silo. Processes and the clusters of tests use the same.</summary>
internal static class SiloSetup
{
    /// <summary>
    /// Timings with which a killed silo is replaced in about three seconds and a frozen one in about fifteen; Orleans' own take up to a minute. They are
    /// bound by name, so that an operator's configuration may overrule them and a runtime that lacks one of them still starts.
    /// </summary>
    private static readonly Dictionary<string, string?> Timings = new(StringComparer.Ordinal)
    {
        ["ProbeTimeout"] = "00:00:02",
        ["MaxProbeTimeout"] = "00:00:04",
        ["NumMissedProbesLimit"] = "3",
        ["IAmAliveTablePublishTimeout"] = "00:00:05",
        ["TableRefreshTimeout"] = "00:00:10",
        ["MaxJoinAttemptTime"] = "00:01:00",
    };

    /// <summary>Grains, runner and wire, on the cluster's store.</summary>
    public static ISiloBuilder AddOrleansClean(this ISiloBuilder silo, string cluster, IObjectStore store, IStoreDirectory stores, SiloRunnerOptions runner)
    {
        silo.Services.AddWire();
        silo.Services.AddSingleton(TimeProvider.System);
        silo.Services.AddSingleton(runner);
        silo.Services.AddSingleton(stores);
        silo.Services.AddSingleton(new ClusterRegistry(store, cluster));
        silo.Services.AddSingleton<SiloCensus>();
        silo.Services.AddSingleton(services => new BatchDeskServices(
            services.GetRequiredService<ClusterRegistry>(),
            stores,
            batch => batch.Kind is WorkKind.CleanFiles
                ? new CleaningEffects(stores, batch.OutputRoot, batch.Id, workers: 0)
                : WorkEffects.Of(batch.Kind, stores, batch.OutputRoot, batch.Id, batch.BodyHash, runner.Slots),
            services.GetRequiredService<SiloCensus>().IsDead,
            services.GetRequiredService<SiloRunner>().LogCoordinating,
            services.GetRequiredService<TimeProvider>()));
        silo.Services.AddSingleton<IAttemptExecutor>(_ => new WorkAttempts(stores, runner.Slots));
        silo.Services.AddSingleton<CleaningFloor>();
        silo.Services.AddSingleton<ICleaningFloor>(services => services.GetRequiredService<CleaningFloor>());
        silo.Services.AddSingleton<OpenGrainBatches>();
        silo.Services.AddSingleton<QueuedWork>();
        silo.Services.AddSingleton<SiloRunner>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(services => services.GetRequiredService<SiloRunner>());
        silo.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(5));
        return silo;
    }

    /// <summary>Membership in the cluster's store, with our timings.</summary>
    public static ISiloBuilder AddStoreMembership(this ISiloBuilder silo, string cluster, IObjectStore store)
    {
        silo.Services.AddSingleton<IMembershipTable>(new StoreMembershipTable(new MembershipStore(store, MembershipStore.NameFor(cluster), TimeProvider.System)));
        silo.Configure<ClusterMembershipOptions>(new ConfigurationBuilder().AddInMemoryCollection(Timings).Build());
        return silo;
    }
}
