#:project ../src/Execution/Execution.csproj
#:property PublishAot=false

// The library door, as a file that runs by itself: dotnet run samples/clean.cs
using OrleansClean.Execution;

var ledger = await Batch.RunAsync("samples/article-example-2.yaml", "samples/article/", "samples/out/library/");

Console.WriteLine(ledger);
