#:project ../src/Execution/Execution.csproj
#:property PublishAot=false

// The library's door in a file that runs by itself: dotnet run samples/clean.cs
using OrleansClean.Execution;

var samples = (string)AppContext.GetData("EntryPointFileDirectoryPath")!;

var ledger = await Batch.RunAsync(
    Path.Combine(samples, "article-example-2.yaml"),
    Path.Combine(samples, "article"),
    Path.Combine(samples, "out"));

var (files, rows) = (ledger.Ledger.Files, ledger.Ledger.Rows);
Console.WriteLine($"{ledger.Status}: {files.Cleaned} cleaned, {files.Unchanged} unchanged, {files.Failed} failed");
Console.WriteLine($"{rows.In} in = {rows.Out} out + {rows.Dropped} dropped + {rows.Rejected} rejected");
return files.Failed == 0 && rows.Balanced ? 0 : 1;
