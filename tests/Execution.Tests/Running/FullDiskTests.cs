using System.Diagnostics;
using System.Globalization;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.Tests.Vocabulary;

namespace OrleansClean.Execution.Tests.Running;

/// <summary>A disk that fills up in the middle of a batch. Needs root to mount a small one; elsewhere skipped, and said so.</summary>
public sealed class FullDiskTests
{
    [SmallDiskFact]
    public async Task A_disk_that_fills_up_costs_the_files_that_do_not_fit_and_the_next_run_makes_them()
    {
        using var place = new Workplace().WriteInputs(1).Write("in/big.csv", Rows(40_000));
        Directory.CreateDirectory(place.OutputRoot);
        SmallDisk.Mount(place.OutputRoot, "size=256k");
        try
        {
            var report = await place.RunAsync();

            Assert.Equal(BatchStatus.Partial, report.Status);
            var failed = Assert.Single(report.Files, f => f.Status is FileStatus.Failed);
            Assert.Equal(("in/big.csv", "storage-error"), (failed.Path, failed.Failure!.Code));
            Assert.Contains("out/big.csv cannot be written: the disk is full. Free some space and run the same command again.", failed.Failure.Message, StringComparison.Ordinal);
            Assert.Equal(["1.csv"], place.Files());
            Assert.Empty(place.Staged());

            SmallDisk.Mount(place.OutputRoot, "remount,size=16m");
            var again = await place.RunAsync();
            Assert.Equal(new FileCounts(2, 1, 1, 0, 0), again.Ledger.Files);
        }
        finally
        {
            SmallDisk.Unmount(place.OutputRoot);
        }
    }

    [SmallDiskFact]
    public async Task A_read_only_output_folder_is_a_clear_error_and_nothing_is_cleaned()
    {
        using var place = new Workplace().WriteInputs(1);
        Directory.CreateDirectory(place.OutputRoot);
        SmallDisk.Mount(place.OutputRoot, "size=256k");
        try
        {
            SmallDisk.Mount(place.OutputRoot, "remount,ro");

            var refused = await Assert.ThrowsAsync<Storage.StorageException>(() => place.RunAsync());

            Assert.Contains($"{place.OutputRoot} cannot be written", refused.Message, StringComparison.Ordinal);
            Assert.Contains("--out", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            SmallDisk.Unmount(place.OutputRoot);
        }
    }

    private static string Rows(int count) =>
        "id,value\n" + string.Concat(Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"row {i},{i}\n")));

    private static class SmallDisk
    {
        public static void Mount(string path, string options) => Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", path);

        public static void Unmount(string path) => Run("umount", path);

        public static bool TryMount()
        {
            var path = Directory.CreateTempSubdirectory("disk-").FullName;
            try
            {
                Mount(path, "size=64k");
                Unmount(path);
                return true;
            }
            catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                return false;
            }
            finally
            {
                Directory.Delete(path);
            }
        }

        private static void Run(string command, params string[] arguments)
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"{command}: {error}");
            }
        }
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class SmallDiskFactAttribute : FactAttribute
    {
        private static readonly bool CanMount = SmallDisk.TryMount();

        public SmallDiskFactAttribute()
        {
            if (!CanMount)
            {
                Skip = "This machine does not let the tests mount a small disk: it takes root.";
            }
        }
    }
}
