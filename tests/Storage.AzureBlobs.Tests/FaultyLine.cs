using System.Diagnostics.CodeAnalysis;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace OrleansClean.Storage.AzureBlobs.Tests;

/// <summary>The line between the client and the service: it loses answers and requests, and holds requests back.</summary>
internal sealed class FaultyLine : HttpPipelinePolicy
{
    private readonly Lock _lock = new();
    private readonly List<string> _sent = [];
    private Func<string, bool>? _answers;
    private Func<string, bool>? _requests;
    private HeldRequest? _held;
    private int _status;
    private bool _always;

    /// <summary>How often a request of a method with a text in its address was sent.</summary>
    public int Sent(string method, string part)
    {
        lock (_lock)
        {
            return _sent.Count(line => line.StartsWith(method, StringComparison.Ordinal) && line.Contains(part, StringComparison.Ordinal));
        }
    }

    /// <summary>The next such request is carried out; its answer is a broken line, or another status.</summary>
    public void LoseAnswer(Func<string, bool> which, int status, bool always = false) => (_answers, _status, _always) = (which, status, always);

    /// <summary>The next such request breaks the line and is not carried out.</summary>
    public void LoseRequest(Func<string, bool> which, bool always = false) => (_requests, _always) = (which, always);

    /// <summary>The next such request is carried out when the test says so; its sender sees a broken line.</summary>
    public HeldRequest HoldRequest(Func<string, bool> which) => _held = new HeldRequest(which);

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var line = $"{message.Request.Method} {message.Request.Uri.Query} {message.Request.Uri.Path}";
        lock (_lock)
        {
            _sent.Add(line);
        }

        if (_requests?.Invoke(line) == true)
        {
            _requests = _always ? _requests : null;
            throw new RequestFailedException("The line broke before the request was sent.");
        }

        if (_held is { IsTaken: false } held && held.Which(line))
        {
            await held.TakeAsync(message, pipeline);
            throw new RequestFailedException("The line broke, and the request is still on its way.");
        }

        await ProcessNextAsync(message, pipeline);
        if (_answers?.Invoke(line) != true)
        {
            return;
        }

        _answers = _always ? _answers : null;
        message.Response = _status == 0 ? throw new RequestFailedException("The line broke before the answer came.") : new OtherAnswer(_status);
    }

    /// <summary>The client's blocking calls; the same, because Azurite is on this machine and the test waits anyway.</summary>
    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        Task.Run(() => ProcessAsync(message, pipeline).AsTask()).GetAwaiter().GetResult();

    /// <summary>A request that is still on its way.</summary>
    internal sealed class HeldRequest(Func<string, bool> which)
    {
        private Func<HttpRequestMessage>? _request;

        public Func<string, bool> Which => which;

        public bool IsTaken => _request is not null;

        /// <summary>What the service answered in the end.</summary>
        public int Status { get; private set; }

        public async Task TakeAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            // Signed as it is; everything that the service sees is copied.
            await SignAsync(message, pipeline);
            using var body = new MemoryStream();
            await message.Request.Content!.WriteToAsync(body, default);
            var (method, address, bytes) = (new HttpMethod(message.Request.Method.Method), message.Request.Uri.ToUri(), body.ToArray());
            HttpHeader[] headers = [.. message.Request.Headers];
            _request = () =>
            {
                var request = new HttpRequestMessage(method, address) { Content = new ByteArrayContent(bytes) };
                foreach (var header in headers)
                {
                    if (!request.Headers.TryAddWithoutValidation(header.Name, header.Value))
                    {
                        request.Content.Headers.TryAddWithoutValidation(header.Name, header.Value);
                    }
                }

                return request;
            };
        }

        public async Task SendAsync()
        {
            using var client = new HttpClient();
            using var request = _request!();
            using var answer = await client.SendAsync(request);
            Status = (int)answer.StatusCode;
        }

        /// <summary>Runs the policies that are left, the signature among them, but not the transport, which is the last.</summary>
        private static async Task SignAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            HttpPipelinePolicy[] policies = [.. pipeline.ToArray()[..^1], new Nowhere()];
            await policies[0].ProcessAsync(message, policies.AsMemory(1));
        }

        private sealed class Nowhere : HttpPipelinePolicy
        {
            public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
            {
                message.Response = new OtherAnswer(200);
                return ValueTask.CompletedTask;
            }

            public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => message.Response = new OtherAnswer(200);
        }
    }

    private sealed class OtherAnswer(int status) : Response
    {
        public override int Status => status;

        public override bool IsError => status >= 400;

        public override string ReasonPhrase => "Injected";

        public override Stream? ContentStream { get; set; }

        public override string ClientRequestId { get; set; } = "";

        public override void Dispose()
        {
        }

        protected override bool ContainsHeader(string name) => false;

        protected override IEnumerable<HttpHeader> EnumerateHeaders() => [];

        protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
        {
            value = null;
            return false;
        }

        protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
        {
            values = null;
            return false;
        }
    }
}
