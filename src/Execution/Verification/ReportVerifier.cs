using System.Text.Json;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.State;

namespace OrleansClean.Execution.Verification;

/// <summary>
/// Checks a finished batch against what lies in the folder: every output and rejects file is hashed and counted again
/// by a reader that shares no code with the engine, and the ledger, manifest and report must agree with it.
/// </summary>
public static class ReportVerifier
{
    /// <summary>Verifies a batch; a null <paramref name="batchId"/> means the latest. Throws <see cref="UsageException"/> if it is unfinished.</summary>
    public static Task<VerifyReport> VerifyAsync(StateFolder state, string? batchId, CancellationToken cancellationToken) =>
        Task.Run(() => Verify(state, state.Resolve(batchId), cancellationToken), cancellationToken);

    private static VerifyReport Verify(StateFolder state, string id, CancellationToken cancellationToken)
    {
        var report = state.ReadReport(id);
        if (BatchStatus.IsUnfinished(report?.Status))
        {
            throw new UsageException($"The batch {id} is unfinished: the command that began it continues it.");
        }

        var files = new CheckBuilder("files", "files.jsonl names every input once, in order, and each ledger balances");
        var ledger = new CheckBuilder("ledger", "report.json adds up files.jsonl");
        var manifest = new CheckBuilder("manifest", "manifest.json says what files.jsonl says, byte for byte");
        var content = new ContentChecks(state, id, cancellationToken);
        var totals = new BatchTotals();
        try
        {
            CheckFiles(state, id, files, file =>
            {
                totals.Add(file);
                content.Check(file);
            });
            content.CheckCombined(totals);
            var (told, counted) = (report!.Ledger, totals.Ledger);
            Compare(ledger, "files", told.Files, counted.Files, Words.Of);
            Compare(ledger, "rows", told.Rows, counted.Rows, Words.Of);
            Compare(ledger, "lines", told.Lines, counted.Lines, lines => Words.Counts((lines.Preamble, "before headers"), (lines.Blank, "blank")));
            Compare(ledger, "changed cells", told.Cells, counted.Cells, cells => Words.Counts((cells.Changed, "changed")));
            Compare(ledger, "bytes", told.Bytes, counted.Bytes, bytes => Words.Counts((bytes.In, "in"), (bytes.Out, "out")));
            Compare(ledger, "codes", Words.Of(report.Codes), Words.Of(totals.Codes), codes => codes);
            CheckManifest(state, id, report, totals, manifest);
        }
        catch (JsonException e)
        {
            files.Fail($"files.jsonl cannot be read: {e.Message}");
        }

        return new VerifyReport(id, [files.Done(), ledger.Done(), manifest.Done(), .. content.Done()]);
    }

    private static void CheckFiles(StateFolder state, string id, CheckBuilder check, Action<FileSummary> next)
    {
        var inputs = state.ReadInputs(id).Select(i => i.Name).GetEnumerator();
        foreach (var file in state.ReadFiles(id))
        {
            var isListed = inputs.MoveNext() && string.Equals(inputs.Current, file.Path, StringComparison.Ordinal);
            check.Expect(isListed, () => $"{file.Path} stands where the listing has another input.");
            if (file.Rows is { } rows)
            {
                check.Expect(rows.In == rows.Out + rows.Dropped + rows.Rejected, () => $"{file.Path}: the rows do not balance: {Words.Of(rows)}.");
                CheckSteps(file, rows, check);
            }

            next(file);
        }

        check.Expect(!inputs.MoveNext(), () => $"{inputs.Current} was listed and has no line.");
    }

    /// <summary>What leaves one step reaches the next.</summary>
    private static void CheckSteps(FileSummary file, FileRows rows, CheckBuilder check)
    {
        var reached = rows.In;
        foreach (var step in file.Detail?.Steps ?? [])
        {
            var isBalanced = step.In == reached && step.In == step.Out + step.Dropped + step.Rejected;
            check.Expect(isBalanced, () => $"{file.Path}: {step.Id} does not balance.");
            reached = step.Out;
        }

        check.Expect(file.Detail is null || reached == rows.Out, () => $"{file.Path}: the last step does not give the rows of the output.");
    }

    private static void CheckManifest(StateFolder state, string id, BatchReport report, BatchTotals totals, CheckBuilder check)
    {
        using var expected = new MemoryStream();
        using (var writer = new ManifestWriter(expected, report.Plan, report.Engine.OutputVersion, totals))
        {
            foreach (var file in state.ReadFiles(id))
            {
                writer.Add(file);
            }
        }

        var name = StateNames.Of(id, StateNames.ManifestFile);
        var path = state.PlaceOf(name);
        var found = state.ReadBytes(name) ?? [];
        var same = expected.GetBuffer().AsSpan(0, (int)expected.Length).CommonPrefixLength(found);
        check.Expect(
            same == expected.Length && same == found.Length,
            () => found.Length == 0 ? $"{path} is missing or empty." : $"{path} differs from line {1 + found.AsSpan(0, same).Count((byte)'\n')} on.");
    }

    private static void Compare<T>(CheckBuilder check, string what, T reported, T counted, Func<T, string> words)
        where T : notnull =>
        check.Expect(reported.Equals(counted), () => $"report.json counts {what}: {words(reported)}; the files give {words(counted)}.");
}
