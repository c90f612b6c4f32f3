namespace OrleansClean.Cleaning;

/// <summary>
/// The stable names of everything that can be wrong with data. Names are frictionless' where one exists
/// (https://specs.frictionlessdata.io); each has a heading in <c>docs/errors.md</c>.
/// </summary>
public static class ProblemCodes
{
    /// <summary>Bytes that are not valid in the file's encoding.</summary>
    public const string EncodingError = "encoding-error";

    /// <summary>A compressed file that ends early, is damaged, or grows beyond its limit.</summary>
    public const string CompressionError = "compression-error";

    /// <summary>A column without a name that the plan refers to, or no header at all.</summary>
    public const string BlankHeader = "blank-header";

    /// <summary>Two columns of one name, where the plan needs to tell them apart.</summary>
    public const string DuplicateLabel = "duplicate-label";

    /// <summary>A column that the plan names and the header lacks.</summary>
    public const string MissingLabel = "missing-label";

    /// <summary>A record with more cells than the header.</summary>
    public const string ExtraCell = "extra-cell";

    /// <summary>A record with fewer cells than the header.</summary>
    public const string MissingCell = "missing-cell";

    /// <summary>A cell that is not of the type that is needed.</summary>
    public const string TypeError = "type-error";

    /// <summary>A row that breaks an expectation or a check.</summary>
    public const string ConstraintError = "constraint-error";

    /// <summary>A row that repeats a key that must be unique.</summary>
    public const string UniqueError = "unique-error";

    /// <summary>A quoted field that does not end within the record's limits.</summary>
    public const string UnterminatedQuote = "unterminated-quote";

    /// <summary>A quoted field followed by something other than a delimiter or a line end.</summary>
    public const string TextAfterQuote = "text-after-quote";

    /// <summary>A record longer than its limit.</summary>
    public const string LineTooLong = "line-too-long";

    /// <summary>A field longer than its limit.</summary>
    public const string FieldTooLong = "field-too-long";

    /// <summary>A header with more columns than the limit.</summary>
    public const string TooManyColumns = "too-many-columns";

    /// <summary>A record that holds a NUL byte.</summary>
    public const string NulByte = "nul-byte";

    /// <summary>A date whose order of day and month nothing in the column proves.</summary>
    public const string AmbiguousDate = "ambiguous-date";

    /// <summary>A value that the map does not list.</summary>
    public const string UnmappedValue = "unmapped-value";

    /// <summary>A formula without a result: division by zero, overflow, not finite.</summary>
    public const string ExpressionError = "expression-error";

    /// <summary>A file with so many broken records that it is not a CSV file of this dialect.</summary>
    public const string MalformedFile = "malformed-file";

    /// <summary>A file that is no <c>.npy</c> array of a kind that is read.</summary>
    public const string UnsupportedArray = "unsupported-array";

    /// <summary>An element that a step of an array's spec cannot take: overflow, NaN as an integer, nothing to normalise by.</summary>
    public const string ElementError = "element-error";

    /// <summary>The input is not the one that was listed.</summary>
    public const string InputChanged = "input-changed";

    /// <summary>The file took longer than its limit.</summary>
    public const string FileTimeout = "file-timeout";

    /// <summary>A folder or store that refused to read or write.</summary>
    public const string StorageError = "storage-error";

    /// <summary>A step needed more memory than its limit.</summary>
    public const string MemoryLimit = "memory-limit";

    /// <summary>A map's input that took longer than its limit.</summary>
    public const string InputTimeout = "input-timeout";

    /// <summary>A map's function that threw an exception.</summary>
    public const string FunctionFailed = "function-failed";

    /// <summary>A map's function that ended its worker process.</summary>
    public const string FunctionCrashed = "function-crashed";

    /// <summary>A map's function with a result that cannot be taken.</summary>
    public const string ResultError = "result-error";

    /// <summary>OrleansClean itself failed on this file: a bug, held to the one file.</summary>
    public const string InternalError = "internal-error";
}
