using OrleansClean.Client;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Tests.Hosting;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Silo.Tests.Processes;

/// <summary>The host on a cluster: a silo in a process of its own, and a client. A kill is a SIGKILL. The silo is the same for all tests of the contract.</summary>
public sealed class ClusterHostTests(ContractSilo silo) : BatchHostContract, IClassFixture<ContractSilo>
{
    private readonly OwnIds _host = new(silo);

    protected override IBatchHost Host => _host;

    protected override Task StartAsync() => silo.EnsureAsync();

    protected override Task KillAsync() => silo.KillAsync();

    protected override Task StopAsync() => _host.EndAllAsync();

    /// <summary>Gives each test's batches ids of their own, because ids are unique in a cluster, and hides it from the test.</summary>
    private sealed class OwnIds(ContractSilo silo) : IBatchHost
    {
        private static int _tests;
        private readonly string _prefix = $"t{Interlocked.Increment(ref _tests)}-";
        private readonly HashSet<string> _submitted = new(StringComparer.Ordinal);

        public Task<HostReply> SubmitAsync(BatchSubmission submission, CancellationToken cancellationToken)
        {
            _submitted.Add(submission.Id);
            return silo.Client.SubmitAsync(submission with { Id = _prefix + submission.Id }, cancellationToken);
        }

        public Task<StatusReply> StatusAsync(string batchId, CancellationToken cancellationToken) => silo.Client.StatusAsync(_prefix + batchId, cancellationToken);

        public Task<StatusReply> WaitAsync(string batchId, TimeSpan patience, CancellationToken cancellationToken) =>
            silo.Client.WaitAsync(_prefix + batchId, patience, cancellationToken);

        public Task<HostReply> CancelAsync(string batchId, CancellationToken cancellationToken) => silo.Client.CancelAsync(_prefix + batchId, cancellationToken);

        public Task<HostReply> RetryAsync(string batchId, CancellationToken cancellationToken) => silo.Client.RetryAsync(_prefix + batchId, cancellationToken);

        public Task<HostReply> ResumeAsync(string batchId, CancellationToken cancellationToken) => silo.Client.ResumeAsync(_prefix + batchId, cancellationToken);

        public async Task<ListReply> ListAsync(CancellationToken cancellationToken)
        {
            var reply = await silo.Client.ListAsync(cancellationToken);
            return reply with
            {
                Batches = [.. reply.Batches.Where(batch => batch.Id.StartsWith(_prefix, StringComparison.Ordinal)).Select(batch => batch with { Id = batch.Id[_prefix.Length..] })],
            };
        }

        public Task<Stream?> OpenAsync(string batchId, BatchPaper paper, string? input, CancellationToken cancellationToken) =>
            silo.Client.OpenAsync(_prefix + batchId, paper, input, cancellationToken);

        /// <summary>A batch that a test left behind must not go on in folders that are deleted.</summary>
        public async Task EndAllAsync()
        {
            foreach (var id in _submitted)
            {
                if (await StatusAsync(id, CancellationToken.None) is { Outcome: HostOutcome.Known, IsDone: false })
                {
                    await CancelAsync(id, CancellationToken.None);
                    await WaitAsync(id, TimeSpan.FromMinutes(1), CancellationToken.None);
                }
            }
        }
    }
}

/// <summary>One silo and one client for a class of tests.</summary>
public sealed class ContractSilo : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("oc-contract");
    private SiloProcess? _silo;

    internal OrleansCleanClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _silo = await new SiloProcess("tests", _folder.FullName, "silo-1").Start().ReadyAsync();
        Client = await OrleansCleanClient.ConnectAsync("tests", new FolderStore(_folder.FullName), new LocalStores(), Patience, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await Client.DisposeAsync();
        await _silo!.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    internal Task EnsureAsync() => _silo!.HasExited ? _silo.Start().ReadyAsync() : Task.CompletedTask;

    internal async Task KillAsync()
    {
        await _silo!.KillAsync();
        await _silo.Start().ReadyAsync();
    }
}
