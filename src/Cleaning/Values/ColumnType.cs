namespace OrleansClean.Cleaning;

/// <summary>What the plan knows of a column, or of a formula's result, before any row is read.</summary>
public enum ColumnType
{
    /// <summary>Text as it stands in the file, read as a number only where a number is needed.</summary>
    Untyped,

    /// <summary>Text by the plan's word: never read as a number.</summary>
    Text,

    /// <summary>A 64-bit integer.</summary>
    Integer,

    /// <summary>An IEEE 754 double, or an integer read from an untyped cell.</summary>
    Number,

    /// <summary>A decimal of at most 28 digits.</summary>
    Decimal,

    /// <summary>A calendar day.</summary>
    Date,

    /// <summary>A day and time without a zone.</summary>
    DateTime,

    /// <summary>True or false.</summary>
    Boolean,
}
