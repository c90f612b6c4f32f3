#:project ../src/Execution/Execution.csproj
#:property PublishAot=false

// An array in this process's own memory, changed by several threads without a copy: dotnet run samples/array.cs
using OrleansClean.Cleaning.Arrays;
using OrleansClean.Execution.Arrays;

var values = new double[10_000_000];
for (var i = 0; i < values.Length; i++)
{
    values[i] = i;
}

var spec = ArraySpecLoader.Load("array: 1\nsteps:\n  - scale: 2\n  - normalize: minmax\n", "the spec in this file");
var (before, after) = ArrayTransform.Apply<double>(values, spec, statistics: true);

Console.WriteLine($"before: {before!.Count} elements from {before.Min} to {before.Max}, mean {before.Mean}");
Console.WriteLine($"after:  {after!.Count} elements from {after.Min} to {after.Max}, mean {after.Mean}");
return after.Max!.Value.Real == 1 ? 0 : 1;
