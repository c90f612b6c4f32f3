using OrleansClean.Execution.Logging;

namespace OrleansClean.Execution.Tests.Logs;

/// <summary>What reaches a log or a terminal: nothing that forges a line, steers a terminal or opens a store.</summary>
public sealed class LoggingTests
{
    [Theory]
    [InlineData("a\r\nevent=forged", "\"a\\u000d\\u000aevent=forged\"")]
    [InlineData("\u001b[31mred\u009b2J", "\\u001b[31mred\\u009b2J")]
    [InlineData("\u202Evsc.x\u2066\u2028", "\\u202evsc.x\\u2066\\u2028")]
    [InlineData("\U000E0041tag", "\\ue0041tag")]
    [InlineData("say \"x\" \\", "\"say \\\"x\\\" \\\\\"")]
    [InlineData("https://x.example/?sig=CANARY", "\"https://x.example/?sig=***\"")]
    public void A_line_of_the_log_is_one_line_and_names_are_shown_in_it(string name, string shown)
    {
        using var text = new StringWriter();

        new TextBatchLog(text).Write(new BatchLogEntry(DateTimeOffset.UnixEpoch, "b", name, 1, 2, "started", name));

        Assert.Equal(
            $"1970-01-01T00:00:00.000Z pid={Environment.ProcessId} batch=b file={shown} attempt=1 worker=2 event=started message={shown}\n",
            text.ToString().ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData("\u001b]0;x\u0007\u202e\u2028", "\\u001b]0;x\\u0007\\u202e\\u2028")]
    [InlineData("two\nlines", "two\nlines")]
    [InlineData("AccountKey=CANARY;x", "AccountKey=***;x")]
    [InlineData("Köln 表 😀", "Köln 表 😀")]
    public async Task A_message_for_a_terminal_is_shown_and_not_obeyed(string text, string shown)
    {
        await using var line = new StringWriter();
        await using var visible = new VisibleWriter(line);
        await visible.WriteLineAsync(text);
        await visible.WriteAsync(text);
        visible.Write('\u001b');

        Assert.Equal($"{shown}\n{shown}\\u001b", line.ToString().ReplaceLineEndings("\n"));
    }
}
