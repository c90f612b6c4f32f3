using System.Net;
using OrleansClean.Grains.Membership;
using OrleansClean.Storage.Folders;
using Xunit.Abstractions;

namespace OrleansClean.Silo.Tests.Processes;

/// <summary>What a silo's process answers those who watch it, and how it ends when it cannot go on.</summary>
public sealed class HealthTests(ITestOutputHelper output) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("oc-health");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_silo_that_joins_is_alive_and_not_ready()
    {
        await LockOutAsync();
        await using var silo = new SiloProcess("tests", _folder.FullName, "silo-1").Start();

        await silo.UntilAsync("health", HttpStatusCode.OK);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await silo.HttpAsync("ready"));
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task A_silo_that_cannot_join_ends_itself_so_that_something_starts_it_again()
    {
        await LockOutAsync();
        await using var silo = new SiloProcess("tests", _folder.FullName, "silo-1").Start();
        silo.LeaveAlone();

        await silo.ExitAsync();
        output.WriteLine(silo.Said);

        Assert.NotEqual(0, silo.ExitCode);
    }

    [Fact]
    public async Task A_silo_with_wrong_options_says_so_and_exits_2()
    {
        await using var silo = new SiloProcess("No Name", _folder.FullName, "silo-1").Start();
        silo.LeaveAlone();

        await silo.ExitAsync();

        Assert.Equal(2, silo.ExitCode);
        Assert.True(silo.HasSaid("--cluster is 'No Name'"), silo.Said);
    }

    /// <summary>An active silo that does not answer and always seems to be fresh keeps every newcomer out.</summary>
    private async Task LockOutAsync()
    {
        var ghost = new MembershipRow(
            "127.0.0.1:1@1", 0, MembershipRow.Active, "ghost", "host", 0, null, 0, 0, DateTime.UtcNow, DateTime.UtcNow.AddDays(1), null);
        var table = new MembershipStore(new FolderStore(_folder.FullName), MembershipStore.NameFor("tests"), TimeProvider.System);
        Assert.True(await table.ChangeAsync(document => document.Insert(ghost, 0), CancellationToken.None));
    }
}
