using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using OrleansClean.Grains.Running;

namespace OrleansClean.Silo;

/// <summary>Sends spans and counters over OTLP if the settings say where to; otherwise there is nothing.</summary>
internal static class SiloTelemetry
{
    public static void Add(IServiceCollection services, SiloSettings settings)
    {
        if (settings.Otlp is { } address)
        {
            services.AddHostedService(_ => new Sender(address, settings));
        }
    }

    private sealed class Sender(Uri address, SiloSettings settings) : IHostedService
    {
        private OpenTelemetrySdk? _sdk;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            _sdk = OpenTelemetrySdk.Create(builder => builder
                .ConfigureResource(resource => resource
                    .AddService("orleansclean-silo", serviceNamespace: settings.Cluster, serviceInstanceId: settings.Name))
                .WithTracing(tracing => tracing.AddSource(ClusterTelemetry.Name).AddOtlpExporter(otlp => otlp.Endpoint = address))
                .WithMetrics(metrics => metrics.AddMeter(ClusterTelemetry.Name, "System.Runtime").AddOtlpExporter(otlp => otlp.Endpoint = address)));
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            _sdk?.Dispose();
            return Task.CompletedTask;
        }
    }
}
