using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansClean.Tests.Vocabulary;

/// <summary>What happens to one request on the wire.</summary>
public enum WireFault
{
    /// <summary>The connection breaks before the service has it.</summary>
    LoseRequest,

    /// <summary>The service carries it out; the connection breaks before a byte of the answer comes.</summary>
    LoseAnswer,

    /// <summary>The service carries it out; the connection breaks in the middle of the answer's head.</summary>
    CutHead,

    /// <summary>The service carries it out; the connection breaks after half of the answer's body.</summary>
    CutBody,

    /// <summary>The service carries it out; the answer does not come while anybody waits for it.</summary>
    Silence,

    /// <summary>The connection breaks, and the service gets the request when the test says so.</summary>
    Late,

    /// <summary>The service carries it out, and everything takes <see cref="BrokenWire.Slowness"/> longer.</summary>
    Slow,

    /// <summary>The service does not get it, and 503 is answered.</summary>
    Unavailable,
}

/// <summary>
/// A proxy on this machine between the client's real connections and Azurite: it breaks connections as networks do, beneath everything that the client
/// does about it. It forwards each request over a connection of its own, and keeps the client's alive, because a client may send again by itself on a connection
/// that was used before.
/// </summary>
internal sealed class BrokenWire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _lock = new();
    private readonly List<(string Request, int Status)> _log = [];
    private readonly List<WireTrouble> _troubles = [];
    private readonly int _port;
    private readonly Task _accepting;
    private (Func<string, bool> Which, WireFault Fault)? _next;
    private byte[]? _late;

    public BrokenWire(int port)
    {
        _port = port;
        _listener.Start();
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>How much longer a slow request takes.</summary>
    public static TimeSpan Slowness { get; } = TimeSpan.FromSeconds(2);

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>True once the fault happened.</summary>
    public bool WasHit
    {
        get
        {
            lock (_lock)
            {
                return _next is null;
            }
        }
    }

    /// <summary>The next request of which <paramref name="which"/> takes the first line meets the fault.</summary>
    public void Break(Func<string, bool> which, WireFault fault)
    {
        lock (_lock)
        {
            _next = (which, fault);
        }
    }

    /// <summary>Every request of which <paramref name="which"/> takes the first line meets the fault, until the trouble is disposed of.</summary>
    public WireTrouble Trouble(Func<string, bool> which, WireFault fault)
    {
        var trouble = new WireTrouble(which, fault, ended =>
        {
            lock (_lock)
            {
                _troubles.Remove(ended);
            }
        });
        lock (_lock)
        {
            _troubles.Add(trouble);
        }

        return trouble;
    }

    /// <summary>The statuses that the service gave to requests whose first line has all of these parts.</summary>
    public IReadOnlyList<int> Statuses(params string[] parts)
    {
        lock (_lock)
        {
            return [.. _log.Where(entry => parts.All(part => entry.Request.Contains(part, StringComparison.Ordinal))).Select(entry => entry.Status)];
        }
    }

    /// <summary>Sends the request that was held back, and returns its status.</summary>
    public async Task<int> LandAsync() => StatusOf(await SendAsync(_late!));

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        await _accepting;
        _listener.Dispose();
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        var clients = new List<Task>();
        try
        {
            while (true)
            {
                clients.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_ending.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(clients);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var wire = client.GetStream();
                while (await ReadMessageAsync(wire, _ending.Token) is { } request && await AnswerAsync(wire, request))
                {
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
            {
                // The client went away, or the test is over.
            }
        }
    }

    /// <summary>False if the connection is to break.</summary>
    private async Task<bool> AnswerAsync(NetworkStream wire, byte[] request)
    {
        var fault = FaultOf(FirstLine(request));
        if (fault is WireFault.LoseRequest or WireFault.Late)
        {
            _late = fault is WireFault.Late ? request : null;
            return false;
        }

        if (fault is WireFault.Unavailable)
        {
            await wire.WriteAsync("HTTP/1.1 503 Server Busy\r\nx-ms-error-code: ServerBusy\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), _ending.Token);
            return true;
        }

        if (fault is WireFault.Slow)
        {
            await Task.Delay(Slowness, _ending.Token);
        }

        var answer = await SendAsync(request);
        var head = answer.AsSpan().IndexOf("\r\n\r\n"u8) + 4;
        switch (fault)
        {
            case WireFault.LoseAnswer:
                return false;
            case WireFault.CutHead:
                await wire.WriteAsync(answer.AsMemory(0, head / 2), _ending.Token);
                return false;
            case WireFault.CutBody:
                await wire.WriteAsync(answer.AsMemory(0, head + ((answer.Length - head) / 2)), _ending.Token);
                return false;
            case WireFault.Silence:
                await Task.Delay(Timeout.Infinite, _ending.Token);
                return false;
            default:
                await wire.WriteAsync(answer, _ending.Token);
                return true;
        }
    }

    private WireFault? FaultOf(string line)
    {
        lock (_lock)
        {
            if (_next is { } next && next.Which(line))
            {
                _next = null;
                return next.Fault;
            }

            return _troubles.Find(trouble => trouble.Meets(line))?.Fault;
        }
    }

    /// <summary>Asks the service over a connection that ends with its answer.</summary>
    private async Task<byte[]> SendAsync(byte[] request)
    {
        using var service = new TcpClient();
        await service.ConnectAsync(IPAddress.Loopback, _port, _ending.Token);
        var stream = service.GetStream();
        var end = request.AsSpan().IndexOf("\r\n"u8) + 2;
        await stream.WriteAsync(request.AsMemory(0, end), _ending.Token);
        await stream.WriteAsync("Connection: close\r\n"u8.ToArray(), _ending.Token);
        await stream.WriteAsync(request.AsMemory(end), _ending.Token);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, _ending.Token);
        var answer = KeepAlive(bytes.ToArray());
        lock (_lock)
        {
            _log.Add((FirstLine(request), StatusOf(answer)));
        }

        return answer;
    }

    private static byte[] KeepAlive(byte[] answer)
    {
        var head = answer.AsSpan().IndexOf("\r\n\r\n"u8);
        var text = Encoding.Latin1.GetString(answer, 0, head).Replace("Connection: close", "Connection: keep-alive", StringComparison.OrdinalIgnoreCase);
        return [.. Encoding.Latin1.GetBytes(text), .. answer[head..]];
    }

    /// <summary>One request with its body; null at the end of the connection.</summary>
    private static async Task<byte[]?> ReadMessageAsync(NetworkStream wire, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        var block = new byte[64 << 10];
        var missing = int.MaxValue;
        while (missing > 0)
        {
            var read = await wire.ReadAsync(block, cancellationToken);
            if (read == 0)
            {
                return null;
            }

            bytes.Write(block, 0, read);
            var all = bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
            var head = all.IndexOf("\r\n\r\n"u8);
            missing = head < 0 ? int.MaxValue : head + 4 + BodyLength(Encoding.Latin1.GetString(all[..head])) - all.Length;
        }

        return bytes.ToArray();
    }

    private static int BodyLength(string head)
    {
        const string name = "\r\nContent-Length:";
        var start = head.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        if (start < 0)
        {
            return 0;
        }

        var value = head[(start + name.Length)..];
        var end = value.IndexOf('\r', StringComparison.Ordinal);
        return int.Parse((end < 0 ? value : value[..end]).Trim(), CultureInfo.InvariantCulture);
    }

    private static string FirstLine(byte[] request) => Encoding.Latin1.GetString(request, 0, request.AsSpan().IndexOf("\r\n"u8));

    private static int StatusOf(byte[] answer) => int.Parse(Encoding.Latin1.GetString(answer, "HTTP/1.1 ".Length, 3), CultureInfo.InvariantCulture);
}

/// <summary>A fault that lasts.</summary>
internal sealed class WireTrouble(Func<string, bool> which, WireFault fault, Action<WireTrouble> end) : IDisposable
{
    private readonly SemaphoreSlim _hits = new(0);

    public WireFault Fault => fault;

    /// <summary>Waits until so many more requests have met it.</summary>
    public async Task HitAsync(int requests, CancellationToken cancellationToken)
    {
        for (var hit = 0; hit < requests; hit++)
        {
            await _hits.WaitAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        end(this);
        _hits.Dispose();
    }

    /// <summary>True, and counted, for a request that meets it. Only under the wire's lock.</summary>
    public bool Meets(string line)
    {
        var meets = which(line);
        if (meets)
        {
            _hits.Release();
        }

        return meets;
    }
}
