using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace OrleansClean.Silo.Tests.Deployment;

/// <summary>What the manifests say agrees with what a silo reads and offers. They were never applied to a cluster of Kubernetes by these tests.</summary>
public sealed class ManifestTests
{
    private static readonly YamlNode Pod = Manifests.At(Manifests.Of("Deployment", "orleansclean-silo"), "spec", "template", "spec");

    [Fact]
    public void Every_variable_is_one_that_a_silo_reads()
    {
        var asked = new HashSet<string>(StringComparer.Ordinal);
        Assert.Throws<SiloSettingsException>(() => SiloSettings.Read([], key =>
        {
            asked.Add(key);
            return null;
        }));
        string[] given =
        [
            .. Manifests.Texts(Manifests.At(Manifests.Of("ConfigMap", "orleansclean"), "data")).Keys,
            .. Manifests.Below(Manifests.At(Pod, "containers")).Where(node => node.Children.ContainsKey("valueFrom")).Select(node => Manifests.Text(node, "name")),
        ];

        Assert.NotEmpty(given);
        Assert.All(given, name => Assert.Contains(name, asked));
    }

    [Fact]
    public void The_variables_are_settings_that_a_silo_takes()
    {
        var data = Manifests.Texts(Manifests.At(Manifests.Of("ConfigMap", "orleansclean"), "data"));
        var settings = SiloSettings.Read([], key => key is "ORLEANSCLEAN_ADDRESS" ? "10.1.2.3" : data.GetValueOrDefault(key));

        var ports = Manifests.Below(Manifests.At(Pod, "containers")).Where(node => node.Children.ContainsKey("containerPort"))
            .Select(node => int.Parse(Manifests.Text(node, "containerPort"), CultureInfo.InvariantCulture));
        Assert.Equal([settings.SiloPort, settings.GatewayPort, settings.HttpPort], ports);

        // The host waits 15 seconds longer than the drain.
        var grace = int.Parse(Manifests.Text(Pod, "terminationGracePeriodSeconds"), CultureInfo.InvariantCulture);
        Assert.True(grace > settings.Drain.TotalSeconds + 15, $"{grace} s are shorter than the drain of {settings.Drain}.");
    }

    [Fact]
    public void Selectors_find_the_silos()
    {
        var labels = Manifests.Texts(Manifests.At(Manifests.Of("Deployment", "orleansclean-silo"), "spec", "template", "metadata", "labels"));
        YamlNode[] selectors =
        [
            Manifests.At(Manifests.Of("Deployment", "orleansclean-silo"), "spec", "selector", "matchLabels"),
            Manifests.At(Manifests.Of("PodDisruptionBudget", "orleansclean-silo"), "spec", "selector", "matchLabels"),
            Manifests.At(Manifests.Of("NetworkPolicy", "orleansclean-silo"), "spec", "podSelector", "matchLabels"),
            Manifests.At(Manifests.Of("Service", "orleansclean-silo"), "spec", "selector"),
        ];

        Assert.All(selectors, selector => Assert.Equal(labels, Manifests.Texts(selector)));
        Assert.Equal("orleansclean-silo", Manifests.Text(Manifests.Of("ScaledObject", "orleansclean-silo"), "spec", "scaleTargetRef", "name"));
    }

    [Fact]
    public void Images_are_those_of_the_compose_file()
    {
        var compose = File.ReadAllText(Path.Combine(WorkingTree.Root, "docker-compose.yml"));
        string[] images = [.. Manifests.All.SelectMany(Manifests.Below).Where(node => node.Children.ContainsKey("image")).Select(node => Manifests.Text(node, "image"))];

        Assert.Equal(["orleansclean-client", "orleansclean-silo"], images.Order(StringComparer.Ordinal));
        Assert.All(images, image => Assert.Contains($"image: {image}\n", compose, StringComparison.Ordinal));
    }
}
