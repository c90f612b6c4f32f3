using System.Globalization;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.Tests.Vocabulary;

namespace OrleansClean.Execution.Tests.Running;

/// <summary>A disk that fills up in the middle of a batch.</summary>
public sealed class FullDiskTests
{
    [TmpfsFact]
    public async Task A_disk_that_fills_up_costs_the_files_that_do_not_fit_and_the_next_run_makes_them()
    {
        using var place = new Workplace().WriteInputs(1).Write("in/big.csv", Rows(40_000));
        using var disk = Tmpfs.MountAt(place.OutputRoot, "size=256k");

        var report = await place.RunAsync();

        Assert.Equal(BatchStatus.Partial, report.Status);
        var failed = Assert.Single(report.Files, f => f.Status is FileStatus.Failed);
        Assert.Equal(("in/big.csv", "storage-error"), (failed.Path, failed.Failure!.Code));
        Assert.Contains("out/big.csv cannot be written: the disk is full. Free some space and run the same command again.", failed.Failure.Message, StringComparison.Ordinal);
        Assert.Equal(["1.csv"], place.Files());
        Assert.Empty(place.Staged());

        disk.Remount("size=16m");
        var again = await place.RunAsync();
        Assert.Equal(new FileCounts(2, 1, 1, 0, 0), again.Ledger.Files);
    }

    [TmpfsFact]
    public async Task A_read_only_output_folder_is_a_clear_error_and_nothing_is_cleaned()
    {
        using var place = new Workplace().WriteInputs(1);
        using var disk = Tmpfs.MountAt(place.OutputRoot, "size=256k");

        disk.Remount("ro");

        var refused = await Assert.ThrowsAsync<Storage.StorageException>(() => place.RunAsync());

        Assert.Contains($"{place.OutputRoot} cannot be written", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--out", refused.Message, StringComparison.Ordinal);
    }

    private static string Rows(int count) =>
        "id,value\n" + string.Concat(Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"row {i},{i}\n")));
}
