namespace OrleansClean.Cli.Demo;

/// <summary>The plan of the demo: one for 200 files of which no two shops agree on what CSV is.</summary>
internal static class DemoPlan
{
    /// <summary>The plan's text, as it lies beside the files.</summary>
    public const string Text = """
        plan: 1
        name: demo
        about: Orders from 200 shops, each with its own idea of CSV.

        read:
          files: in/*.{csv,csv.gz}

        steps:
          - normalize_headers
          - drop_empty: rows
          - trim: all
          - parse:
              ordered: date
              amount: decimal
              quantity: integer
          - filter: amount >= 0
          - dedupe: {by: [order_id], keep: first}
          - derive:
              total: amount * quantity

        expect:
          - quantity between 1 and 9999

        write: out/{name}.csv

        """;
}
