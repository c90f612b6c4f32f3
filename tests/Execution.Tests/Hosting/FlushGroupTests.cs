using OrleansClean.Execution.Hosting;

namespace OrleansClean.Execution.Tests.Hosting;

public sealed class FlushGroupTests
{
    [Theory]
    [InlineData(1, 350, 0)]
    [InlineData(2, 10, 40)]
    [InlineData(64, 350, 200)]
    public void A_group_waits_for_others_only_if_there_were_others(int lastSize, int lastMillis, int millis) =>
        Assert.Equal(TimeSpan.FromMilliseconds(millis), FlushGroup.WaitFor(lastSize, TimeSpan.FromMilliseconds(lastMillis)));
}
