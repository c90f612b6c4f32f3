namespace OrleansClean.Cleaning.Arrays;

/// <summary>One step of a spec, with the place where it is written.</summary>
public abstract record ArrayStep(SourcePosition At)
{
    /// <summary>The verb.</summary>
    public abstract string Verb { get; }

    /// <summary>The step in a few words, as a report shows it.</summary>
    public abstract string Words { get; }

    /// <summary>Every NaN becomes <paramref name="Value"/>.</summary>
    public sealed record ReplaceNan(SourcePosition At, ArrayNumber Value) : ArrayStep(At)
    {
        /// <inheritdoc />
        public override string Verb => "replace_nan";

        /// <inheritdoc />
        public override string Words => $"replace_nan {Value}";
    }

    /// <summary>Every value times <paramref name="Factor"/>.</summary>
    public sealed record Scale(SourcePosition At, ArrayNumber Factor) : ArrayStep(At)
    {
        /// <inheritdoc />
        public override string Verb => "scale";

        /// <inheritdoc />
        public override string Words => $"scale {Factor}";
    }

    /// <summary>Every value plus <paramref name="Addend"/>.</summary>
    public sealed record Offset(SourcePosition At, ArrayNumber Addend) : ArrayStep(At)
    {
        /// <inheritdoc />
        public override string Verb => "offset";

        /// <inheritdoc />
        public override string Words => $"offset {Addend}";
    }

    /// <summary>What is below <paramref name="Min"/> becomes it, and what is above <paramref name="Max"/>; either may be null.</summary>
    public sealed record Clip(SourcePosition At, ArrayNumber? Min, ArrayNumber? Max) : ArrayStep(At)
    {
        /// <inheritdoc />
        public override string Verb => "clip";

        /// <inheritdoc />
        public override string Words => $"clip {(Min is { } min ? $"{min}" : "")}..{(Max is { } max ? $"{max}" : "")}";
    }

    /// <summary>Maps the smallest value to <paramref name="Low"/> and the largest to <paramref name="High"/>.</summary>
    public sealed record MinMax(SourcePosition At, ArrayNumber Low, ArrayNumber High) : ArrayStep(At)
    {
        /// <inheritdoc />
        public override string Verb => "normalize";

        /// <inheritdoc />
        public override string Words => $"normalize minmax {Low}..{High}";
    }

    /// <summary>Takes the mean off and divides by the standard deviation, whose divisor is count - <paramref name="Ddof"/>.</summary>
    public sealed record ZScore(SourcePosition At, int Ddof) : ArrayStep(At)
    {
        /// <inheritdoc />
        public override string Verb => "normalize";

        /// <inheritdoc />
        public override string Words => Ddof == 0 ? "normalize zscore" : $"normalize zscore ddof {ArrayWords.Of(Ddof)}";
    }

    /// <summary>Makes the elements another kind; what does not fit is an error, or the nearest that does.</summary>
    public sealed record Cast(SourcePosition At, ArrayElement To, bool Clips) : ArrayStep(At)
    {
        /// <inheritdoc />
        public override string Verb => "cast";

        /// <inheritdoc />
        public override string Words => $"cast {To.Word()}{(Clips ? ", overflow clip" : "")}";
    }
}
