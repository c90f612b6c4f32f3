namespace OrleansClean.Silo.Tests;

public sealed class SiloSettingsTests
{
    private static readonly string[] Good = ["--cluster", "demo", "--store", "work"];

    [Fact]
    public void A_name_and_a_store_are_enough()
    {
        var settings = Read(Good);

        Assert.Equal(("demo", "work", "127.0.0.1", 11111, 30000, 8080), (settings.Cluster, settings.Store, settings.Address.ToString(), settings.SiloPort, settings.GatewayPort, settings.HttpPort));
        Assert.Equal(Environment.ProcessorCount, settings.Slots);
        Assert.Null(settings.Otlp);
    }

    [Fact]
    public void The_environment_gives_what_the_command_line_does_not()
    {
        var settings = SiloSettings.Read(Good, key => key switch
        {
            "ORLEANSCLEAN_SILO_PORT" => "12000",
            "ORLEANSCLEAN_CLUSTER" => "other",
            _ => null,
        });

        Assert.Equal((12000, "demo"), (settings.SiloPort, settings.Cluster));
    }

    [Fact]
    public void Every_mistake_is_told_at_once()
    {
        var thrown = Assert.Throws<SiloSettingsException>(() =>
            Read("--cluster", "De", "--address", "here", "--slots", "0", "--silo-port", "8080", "--otlp", "nowhere", "--wat", "1", "--drain"));

        var lines = thrown.Message.Split('\n');
        foreach (var word in new[] { "--cluster", "--store", "--address", "--slots", "three different ports", "--otlp", "--wat", "--drain lacks" })
        {
            Assert.Contains(lines, line => line.Contains(word, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("-ab")]
    [InlineData("a_b")]
    [InlineData("Demo")]
    [InlineData("a/b")]
    [InlineData("..")]
    public void A_cluster_s_name_is_one_that_every_store_takes(string name) =>
        Assert.Contains("--cluster", Assert.Throws<SiloSettingsException>(() => Read("--cluster", name, "--store", "work")).Message, StringComparison.Ordinal);

    private static SiloSettings Read(params string[] arguments) => SiloSettings.Read(arguments, _ => null);
}
