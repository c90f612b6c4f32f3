using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Inputs;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Running;

/// <summary>Settles a batch: reads the plan, finds the inputs, names the outputs, picks the id. Writes nothing.</summary>
internal sealed class BatchPreparation
{
    private readonly BatchRequest _request;
    private readonly BatchSeams _seams;
    private readonly LocalStores _stores;
    private readonly string _workingFolder;
    private readonly string _planPath;
    private readonly string _planText;
    private readonly Plan _plan;
    private readonly string _outputBase;

    private BatchPreparation(BatchRequest request, BatchSeams seams)
    {
        _request = request;
        _seams = seams;
        _stores = LocalStores.With(request.Stores);
        _workingFolder = Path.GetFullPath(request.WorkingDirectory ?? Environment.CurrentDirectory);
        _planPath = Path.GetFullPath(request.PlanPath, _workingFolder);
        _planText = PlanText.Read(_planPath, request.PlanPath);
        _plan = seams.LoadPlan(_planText, request.PlanPath, request.Parameters);
        if (request.OutputDirectory is { } named && Secrets.Has(named))
        {
            throw new UsageException($"The output folder '{ObjectName.Show(Secrets.Hide(named))}' holds a key or a signature, which would stand in every report. Name a folder.");
        }

        _outputBase = request.OutputDirectory is not { } output ? Path.GetDirectoryName(_planPath)!
            : StoreAddress.Is(output) ? output
            : Path.GetFullPath(output, _workingFolder);
    }

    private string PlanFolder => Path.GetDirectoryName(_planPath)!;

    private bool IsFromCaller => _request.Inputs.Count > 0;

    private string InputBase => IsFromCaller ? _workingFolder : PlanFolder;

    /// <summary>Settles <paramref name="request"/>.</summary>
    public static Task<PreparedBatch> PrepareAsync(BatchRequest request, BatchSeams seams, CancellationToken cancellationToken) =>
        new BatchPreparation(request, seams).PrepareAsync(cancellationToken);

    private async Task<PreparedBatch> PrepareAsync(CancellationToken cancellationToken)
    {
        var workers = WorkerCount.For(_request.Workers, _request.MemoryBytes);
        var now = _seams.Time.GetUtcNow();
        var root = new OutputTemplate(_plan, _outputBase, "", now.UtcDateTime);
        var stores = new RunStores(_stores, root.Root, _seams.Wrap);
        var choice = await BatchChoice.MakeAsync(stores.Open(root.Root), _request.Id, KeyOf(root), cancellationToken);
        var submission = Submission(root, choice, choice.Existing?.Header.StartedAt ?? now);
        var prepared = new PreparedBatch
        {
            Request = _request,
            Seams = _seams,
            Stores = stores,
            Batch = CleaningBatch.Of(submission, stores, _seams),
            Choice = choice,
            PlanPath = _planPath,
            Workers = workers,
            RootAsWritten = RootAsWritten(root),
        };
        return choice.Existing is null
            ? await WithInputsAsync(prepared, cancellationToken)
            : await WithFrozenListingAsync(prepared, cancellationToken);
    }

    private BatchSubmission Submission(OutputTemplate root, BatchChoice choice, DateTimeOffset frozenAt) => new()
    {
        Id = choice.Id,
        PlanText = _planText,
        PlanPath = _request.PlanPath,
        Parameters = _request.Parameters.ToImmutableSortedDictionary(StringComparer.Ordinal),
        InputRoot = InputBase,
        Inputs = [.. _request.Inputs],
        OutputRoot = root.Root,
        Force = _request.Force,
        NoClobber = _request.NoClobber,
        HashInputs = _request.HashInputs,
        MaxRejects = _request.MaxRejects?.ToString(),
        Timeout = _request.Timeout,
        FileTimeout = _request.FileTimeout,
        FrozenAt = frozenAt,
    };

    private async Task<PreparedBatch> WithInputsAsync(PreparedBatch prepared, CancellationToken cancellationToken)
    {
        var found = await FindAsync(prepared, cancellationToken);
        OutputNames.For(found.Files, prepared.Batch.Template, _plan.Write.Combine);
        PlanFit.Check(prepared.Batch, found.Files, cancellationToken);
        return prepared with
        {
            Inputs = found.Files,
            Notes = found.Notes,
            Files = found.Files.Count,
            Bytes = found.Files.Sum(file => file.Bytes),
        };
    }

    private async Task<PreparedBatch> WithFrozenListingAsync(PreparedBatch prepared, CancellationToken cancellationToken)
    {
        var frozen = await BatchListingDocument.LoadAsync(
            prepared.Store, StateNames.Of(prepared.Id, StateNames.ListingFile), cancellationToken);
        var known = new HashSet<string>(StringComparer.Ordinal);
        var bytes = 0L;
        for (var item = 0; item < frozen.Count; item++)
        {
            var listed = frozen.Item(item);
            known.Add(listed.Name);
            bytes += listed.Bytes;
        }

        var appeared = 0;
        try
        {
            appeared = (await FindAsync(prepared, cancellationToken)).Files.Count(file => !known.Contains(file.Name));
        }
        catch (UsageException)
        {
            // The frozen listing counts. That nothing matches any more is told by each file that is gone.
        }

        return prepared with { Frozen = frozen, Files = frozen.Count, Bytes = bytes, AppearedSince = appeared };
    }

    private async Task<InputSet> FindAsync(PreparedBatch prepared, CancellationToken cancellationToken)
    {
        var finder = new InputFinder(InputBase, _stores.Open, IsFromCaller ? PlanFolders.Of(_plan.Read.Files, PlanFolder) : null);
        var found = await finder.FindAsync(IsFromCaller ? _request.Inputs : _plan.Read.Files, _plan.Read.Exclude, PlanFolder, cancellationToken);
        var template = new OutputTemplate(_plan, _outputBase, prepared.Id, prepared.Batch.Submission.FrozenAt.UtcDateTime);
        return await OwnOutputs.LeaveOutAsync(found, template, prepared.Store, cancellationToken);
    }

    /// <summary>As it is written from the working folder: <c>write:</c> is relative to the plan, and the plan may be elsewhere.</summary>
    private string RootAsWritten(OutputTemplate root) => StoreAddress.Is(root.Root)
        ? root.Root
        : Path.Join(_request.OutputDirectory ?? Path.GetDirectoryName(_request.PlanPath), root.Folder) is { Length: > 0 } written ? written : ".";

    /// <summary>Plan name and a short hash of what makes two requests the same job; no absolute path is part of it.</summary>
    private string KeyOf(OutputTemplate root)
    {
        IEnumerable<string> parts =
        [
            _plan.Fingerprint,
            .. _plan.Parameters.Select(p => $"{p.Key}={p.Value.Written}"),
            .. IsFromCaller ? _request.Inputs : _plan.Read.Files,
            StoreAddress.Is(root.Root) ? root.Root : Path.GetRelativePath(root.Root, InputBase),
            root.Folder,
        ];
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts)));
        return string.Create(CultureInfo.InvariantCulture, $"{_plan.Name}-{Convert.ToHexStringLower(hash)[..8]}");
    }
}
