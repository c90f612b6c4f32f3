using System.Globalization;
using OrleansClean.Execution.Mapping;

namespace Shop;

/// <summary>Functions of one line each. What one of them throws, or breaks, costs the line that it was at.</summary>
public static class Prices
{
    /// <summary>
    /// A line such as <c>apples;3;1.25</c> to its price with tax. The input comes as text; the tax is given by <c>--param tax=0.07</c>, or is
    /// what stands here. Equal lines have equal prices, so results may be remembered.
    /// </summary>
    [MapFunction("price", IsPure = true, About = "The price of an order line with tax.", Example = "apples;3;1.25 -> {\"item\":\"apples\",\"total\":4.46}")]
    public static OrderPrice Price(string line, decimal tax = 0.19m)
    {
        var parts = line.Split(';');
        if (parts.Length != 3)
        {
            throw new FormatException($"Expected item;quantity;price, found {parts.Length} parts.");
        }

        var quantity = int.Parse(parts[1], CultureInfo.InvariantCulture);
        var price = decimal.Parse(parts[2], CultureInfo.InvariantCulture);
        return new OrderPrice(parts[0], decimal.Round(quantity * price * (1 + tax), 2));
    }

    /// <summary>A number to the number of its digits. The input is read as a number first.</summary>
    [MapFunction("digits", IsPure = true, About = "How many digits a whole number has.", Example = "-1204 -> 4")]
    public static int Digits(long number) => Math.Abs((decimal)number).ToString(CultureInfo.InvariantCulture).Length;
}

/// <summary>What a line costs; it is written as a JSON object.</summary>
public sealed record OrderPrice(string Item, decimal Total);
