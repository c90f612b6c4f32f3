using System.Collections.Immutable;
using System.Globalization;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Execution.Inputs;
using OrleansClean.Execution.Publishing;
using OrleansClean.Execution.State;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Execution.Running;

/// <summary>Settles a batch: reads the plan, finds the inputs, names the outputs, picks the id. Writes nothing.</summary>
internal sealed class BatchPreparation
{
    private readonly BatchRequest _request;
    private readonly BatchSeams _seams;
    private readonly string _workingFolder;
    private readonly string _planPath;
    private readonly Plan _plan;
    private readonly string _outputBase;
    private readonly Dictionary<string, FolderStore> _sources = new(StringComparer.Ordinal);

    private BatchPreparation(BatchRequest request, BatchSeams seams)
    {
        _request = request;
        _seams = seams;
        _workingFolder = Path.GetFullPath(request.WorkingDirectory ?? Environment.CurrentDirectory);
        _planPath = Path.GetFullPath(request.PlanPath, _workingFolder);
        var plan = seams.LoadPlan(PlanText.Read(_planPath, request.PlanPath), request.PlanPath, request.Parameters);
        _plan = plan with
        {
            Run = plan.Run with
            {
                MaxRejects = request.MaxRejects ?? plan.Run.MaxRejects,
                Timeout = request.Timeout ?? plan.Run.Timeout,
                FileTimeout = request.FileTimeout ?? plan.Run.FileTimeout,
            },
        };
        _outputBase = request.OutputDirectory is { } output ? Path.GetFullPath(output, _workingFolder) : Path.GetDirectoryName(_planPath)!;
    }

    private string PlanFolder => Path.GetDirectoryName(_planPath)!;

    private bool IsFromCaller => _request.Inputs.Count > 0;

    /// <summary>Settles <paramref name="request"/>.</summary>
    public static async Task<PreparedBatch> PrepareAsync(BatchRequest request, BatchSeams seams, CancellationToken cancellationToken)
    {
        var preparation = new BatchPreparation(request, seams);
        return await preparation.PrepareAsync(cancellationToken);
    }

    private async Task<PreparedBatch> PrepareAsync(CancellationToken cancellationToken)
    {
        var gate = BatchGate.For(_plan, _request.PlanPath);
        var workers = WorkerCount.For(_request.Workers, _request.MemoryBytes);
        var now = _seams.Time.GetUtcNow();
        var root = new OutputTemplate(_plan, _outputBase, "", now.UtcDateTime);
        var folder = new FolderStore(root.Root);
        var store = _seams.Wrap(folder);
        var choice = await BatchChoice.MakeAsync(_request.Id, KeyOf(root), root.Root, cancellationToken);
        var header = choice.Existing ?? new BatchHeader
        {
            BatchId = choice.Id,
            Key = choice.Key,
            StartedAt = now,
            PlanName = _plan.Name,
            PlanPath = _planPath,
            Parameters = _request.Parameters.ToImmutableSortedDictionary(StringComparer.Ordinal),
            OutputFolder = root.Folder,
            IsCombined = _plan.Write.Combine,
            HasFileColumn = _plan.Write.FileColumn,
            InputRoots = [],
        };
        var template = new OutputTemplate(_plan, _outputBase, header.BatchId, header.StartedAt.UtcDateTime);
        var prepared = new PreparedBatch
        {
            Request = _request,
            Plan = _plan,
            Header = header,
            Template = template,
            Folder = folder,
            Store = store,
            Items = [],
            Gate = gate,
            Workers = workers,
            Effective = Engine.Effective(_plan),
            Seams = _seams.OnThreads(workers),
            Sources = [],
            IsContinued = choice.Existing is not null,
            IsFinished = choice.IsFinished,
        };
        return choice.Existing is null
            ? await WithNewListingAsync(prepared, cancellationToken)
            : await WithFrozenListingAsync(prepared, cancellationToken);
    }

    private async Task<PreparedBatch> WithNewListingAsync(PreparedBatch prepared, CancellationToken cancellationToken)
    {
        var found = await FindAsync(prepared, cancellationToken);
        var names = OutputNames.For(found.Files, prepared.Template, _plan.Write.Combine);
        var items = ImmutableArray.CreateBuilder<BatchItem>(found.Files.Count);
        for (var i = 0; i < found.Files.Count; i++)
        {
            var file = found.Files[i];
            items.Add(new BatchItem(
                i, file.Name, file.Key is null ? null : SourceOf(file.Root), file.Key, file.Bytes, file.ETag, names[i]?.Output, names[i]?.Rejects, file.Refusal));
        }

        var done = prepared with
        {
            Items = items.DrainToImmutable(),
            Notes = found.Notes,
            Header = prepared.Header with { InputRoots = [.. _sources.Keys.Order(StringComparer.Ordinal)] },
            Sources = [.. _sources.Values],
        };
        PlanFit.Check(done, cancellationToken);
        await NoClobber.CheckAsync(done, cancellationToken);
        return done;
    }

    private async Task<PreparedBatch> WithFrozenListingAsync(PreparedBatch prepared, CancellationToken cancellationToken)
    {
        var items = FrozenListing.Read(prepared.Folder, prepared.Header, SourceOf);
        var known = items.Select(i => i.Name).ToHashSet(StringComparer.Ordinal);
        var appeared = 0;
        try
        {
            var found = await FindAsync(prepared, cancellationToken);
            appeared = found.Files.Count(f => !known.Contains(f.Name));
        }
        catch (UsageException)
        {
            // The frozen listing counts. That nothing matches any more is told by each file that is gone.
        }

        var done = prepared with { Items = items, AppearedSince = appeared, Sources = [.. _sources.Values] };
        await NoClobber.CheckAsync(done, cancellationToken);
        return done;
    }

    private async Task<InputSet> FindAsync(PreparedBatch prepared, CancellationToken cancellationToken)
    {
        var finder = new InputFinder(IsFromCaller ? _workingFolder : PlanFolder, SourceOf);
        var found = await finder.FindAsync(IsFromCaller ? _request.Inputs : _plan.Read.Files, _plan.Read.Exclude, PlanFolder, cancellationToken);
        return await OwnOutputs.LeaveOutAsync(found, prepared.Template, prepared.Store, cancellationToken);
    }

    private FolderStore SourceOf(string root)
    {
        if (!_sources.TryGetValue(root, out var store))
        {
            store = new FolderStore(root);
            _sources.Add(root, store);
        }

        return store;
    }

    /// <summary>Plan name and a short hash of what makes two requests the same job; no absolute path is part of it.</summary>
    private string KeyOf(OutputTemplate root)
    {
        var inputBase = IsFromCaller ? _workingFolder : PlanFolder;
        IEnumerable<string> parts =
        [
            _plan.Fingerprint,
            .. _plan.Parameters.Select(p => $"{p.Key}={p.Value.Written}"),
            .. IsFromCaller ? _request.Inputs : _plan.Read.Files,
            Path.GetRelativePath(root.Root, inputBase),
            root.Folder,
        ];
        var hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Join('\0', parts)));
        return string.Create(CultureInfo.InvariantCulture, $"{_plan.Name}-{Convert.ToHexStringLower(hash)[..8]}");
    }
}
