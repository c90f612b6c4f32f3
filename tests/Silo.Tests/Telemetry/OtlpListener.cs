using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OrleansClean.Silo.Tests.Telemetry;

/// <summary>A collector of telemetry on loopback: it keeps the spans and the names of metrics that are sent to it by OTLP over gRPC.</summary>
internal sealed class OtlpListener : IAsyncDisposable
{
    private const int FrameHead = 5;
    private readonly WebApplication _app;

    private OtlpListener(WebApplication app) => _app = app;

    /// <summary>Where to send to.</summary>
    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public ConcurrentBag<ReceivedSpan> Spans { get; } = [];

    public ConcurrentBag<string> Metrics { get; } = [];

    public static async Task<OtlpListener> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        var listener = new OtlpListener(app);
        app.MapPost("/opentelemetry.proto.collector.trace.v1.TraceService/Export", context => AnswerAsync(context, listener.AddSpans));
        app.MapPost("/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", context => AnswerAsync(context, listener.AddMetrics));
        await app.StartAsync();
        return listener;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static async Task AnswerAsync(HttpContext context, Action<ReadOnlyMemory<byte>> take)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);

        // One message in one frame: a byte of flags, four of length.
        take(body.ToArray().AsMemory(FrameHead));
        context.Response.ContentType = "application/grpc";
        context.Response.DeclareTrailer("grpc-status");
        await context.Response.Body.WriteAsync(new byte[FrameHead]);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private void AddSpans(ReadOnlyMemory<byte> request)
    {
        foreach (var span in Below(request, 1, 2, 2))
        {
            var attributes = Protobuf.Fields(span, 9).Select(pair =>
                (Key: Protobuf.Text(pair, 1), Value: Protobuf.Fields(pair, 2).Select(value => Protobuf.Text(value, 1) is { Length: > 0 } text ? text : Protobuf.Number(value, 3)).Single()));
            Spans.Add(new ReceivedSpan(
                Convert.ToHexStringLower(Protobuf.Fields(span, 1).Single().Span),
                Protobuf.Text(span, 5),
                attributes.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal)));
        }
    }

    private void AddMetrics(ReadOnlyMemory<byte> request)
    {
        foreach (var metric in Below(request, 1, 2, 2))
        {
            Metrics.Add(Protobuf.Text(metric, 1));
        }
    }

    /// <summary>The messages below a path of fields: resource, scope, span or metric.</summary>
    private static IEnumerable<ReadOnlyMemory<byte>> Below(ReadOnlyMemory<byte> message, params int[] path) =>
        path.Aggregate<int, IEnumerable<ReadOnlyMemory<byte>>>([message], (messages, field) => messages.SelectMany(part => Protobuf.Fields(part, field)).ToList());
}

/// <summary>A span as it came.</summary>
internal sealed record ReceivedSpan(string Trace, string Name, IReadOnlyDictionary<string, string> Attributes);
