using OrleansClean.Cleaning.Tests.Evidence;
using EvidenceRun = OrleansClean.Cleaning.Tests.Evidence.CleaningRun;

namespace OrleansClean.Cleaning.Tests.Hostile;

/// <summary>A file that does not end does not hold up whoever wants to stop.</summary>
public sealed class EndlessFilesTests
{
    [Theory]
    [InlineData("id,t\n1,a\n2,", "x")]
    [InlineData("id,t\n1,a\n2,\"", "x")]
    [InlineData("id,t\n1,a\n", "\n")]
    [InlineData("id,t\n1,a\n", "\"")]
    [InlineData("id,t\n1,a\n", ",")]
    [InlineData("id,t\n1,a\n", "\0")]
    public void A_line_or_a_file_without_an_end_is_left_within_two_buffers_of_cancellation(string head, string part)
    {
        using var cancelling = new CancellationTokenSource();
        using var input = new EndlessInput(head, part[0], readsBefore: 40, cancelling);
        var job = new FileCleaning
        {
            Plan = EvidenceRun.LoadPlan("plan: 1\nname: p\nread: {delimiter: comma, quote: '\"', header: 1, encoding: utf-8}\nwrite: o.csv\n"),
            InputName = "endless.csv",
            OpenInput = input.Again,
            Outputs = new CountedOutputs(),
            BatchId = "b",
            Now = DateTime.UnixEpoch,
        };

        Assert.Throws<OperationCanceledException>(() => FileCleaner.Clean(job, cancelling.Token));

        Assert.InRange(input.Reads, 40, 42);
    }

    /// <summary>A head, then one character for ever; after so many reads somebody asks to stop.</summary>
    private sealed class EndlessInput(string head, char part, int readsBefore, CancellationTokenSource cancelling) : MemoryStream
    {
        private int _given;

        public int Reads { get; private set; }

        public EndlessInput Again()
        {
            _given = 0;
            return this;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            if (++Reads == readsBefore)
            {
                cancelling.Cancel();
            }

            buffer.Fill((byte)part);
            for (var i = 0; i < buffer.Length && _given < head.Length; i++)
            {
                buffer[i] = (byte)head[_given++];
            }

            return buffer.Length;
        }

        // It is opened several times and is one and the same: who closes it ends nothing.
#pragma warning disable CA2215
        protected override void Dispose(bool disposing)
#pragma warning restore CA2215
        {
        }
    }
}
