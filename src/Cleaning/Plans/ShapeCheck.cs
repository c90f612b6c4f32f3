using System.Globalization;
using System.Text.RegularExpressions;
using OrleansClean.Cleaning.Formulas;
using static OrleansClean.Cleaning.Plans.PlanNode;

namespace OrleansClean.Cleaning.Plans;

/// <summary>
/// Holds nodes against shapes and says what does not fit. What passed can be converted without asking again; formulas
/// are parsed here, once.
/// </summary>
internal sealed class ShapeCheck(PlanProblems problems)
{
    private readonly Dictionary<PlanNode, Formula> _formulas = new(ReferenceEqualityComparer.Instance);

    private readonly HashSet<PlanNode> _unfit = new(ReferenceEqualityComparer.Instance);

    /// <summary>The parameters in force; set before the first formula is met.</summary>
    public IReadOnlyDictionary<string, Literal> Parameters { get; set; } = new Dictionary<string, Literal>(StringComparer.Ordinal);

    /// <summary>Where problems go.</summary>
    public PlanProblems Problems => problems;

    /// <summary>The formula in <paramref name="node"/>, which passed as one.</summary>
    public Formula FormulaOf(PlanNode node) => _formulas[node];

    /// <summary>True if <paramref name="node"/> is of <paramref name="shape"/>; else the problems say why not.</summary>
    public bool Fits(PlanNode node, Shape shape, string what)
    {
        var fits = node is not Broken && shape switch
        {
            Shape.ListOf list => FitsList(node, list, what),
            Shape.ByName byName => FitsByName(node, byName, what),
            Shape.Keys keys => FitsKeys(node, keys, what),
            Shape.Either either => Fits(node, ShapeChoice.Of(node, either), either, what),
            _ => FitsScalar(node, shape, shape, what),
        };
        if (!fits)
        {
            _unfit.Add(node);
        }

        return fits;
    }

    /// <summary>
    /// What of <paramref name="node"/>, which was held against <paramref name="shape"/>, can be converted: so that one wrong
    /// part does not hide what else is wrong with the others. Null if nothing can.
    /// </summary>
    public PlanNode? SoundPart(PlanNode node, Shape shape) => (node, shape) switch
    {
        _ when !_unfit.Contains(node) => node,
        (_, Shape.Either either) => ShapeChoice.Of(node, either) is { } chosen ? SoundPart(node, chosen) : null,
        (Sequence list, Shape.ListOf) => list with { Items = list.Items.RemoveAll(_unfit.Contains) },
        (Mapping mapping, Shape.ByName) => Sound(mapping),
        (Mapping mapping, Shape.Keys keys) => Sound(mapping) is var sound && keys.All.All(k => !k.IsRequired || sound.Find(k.Name) is not null)
            ? sound
            : null,
        _ => null,
    };

    /// <summary>Reports <paramref name="node"/> as something other than <paramref name="shape"/>.</summary>
    public bool Refuse(PlanNode node, Shape shape, string what, string? hint = null)
    {
        problems.Add(node.At, $"{what} needs {shape.Words}, not {node.Found}.", hint);
        return false;
    }

    /// <summary>
    /// Reports the keys of <paramref name="mapping"/> that are not among <paramref name="names"/>, and returns those that the
    /// wrong ones were probably meant to be: their absence need not be told as well.
    /// </summary>
    public IReadOnlySet<string> ReportOthers(Mapping mapping, IReadOnlyCollection<string> names, string what)
    {
        var meant = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, _) in mapping.Entries)
        {
            if (!names.Contains(key.Text, StringComparer.Ordinal))
            {
                meant.Add(Nearest.Of(key.Text, names) ?? "");
                problems.Add(
                    key.At,
                    $"{what} has no key {Quoted.Text(key.Text)}.",
                    Nearest.Hint(key.Text, names) ?? $"Its keys are {Quoted.Choice(names, "and")}.");
            }
        }

        return meant;
    }

    private Mapping Sound(Mapping mapping) =>
        mapping with { Entries = mapping.Entries.RemoveAll(e => e.Key.Text.Length == 0 || _unfit.Contains(e.Value)) };

    private bool Fits(PlanNode node, Shape? chosen, Shape.Either all, string what) => chosen switch
    {
        null => Refuse(node, all, what),
        Shape.ListOf or Shape.ByName or Shape.Keys => Fits(node, chosen, what),
        _ => FitsScalar(node, chosen, all, what),
    };

    private bool FitsList(PlanNode node, Shape.ListOf list, string what)
    {
        if (node is Scalar { IsNothing: false })
        {
            return Fits(node, list.Item, what);
        }

        if (node is not Sequence sequence || (sequence.Items.IsEmpty && !list.MayBeEmpty))
        {
            return Refuse(node, list, what);
        }

        var fits = true;
        foreach (var item in sequence.Items)
        {
            fits &= FitsItem(item, list, what);
        }

        return fits;
    }

    private bool FitsItem(PlanNode item, Shape.ListOf list, string what) =>
        item is Sequence && list.Item is not Shape.ListOf ? Refuse(item, list.Item, $"An item of {what}") : Fits(item, list.Item, what);

    private bool FitsByName(PlanNode node, Shape.ByName byName, string what)
    {
        if (node is not Mapping { Entries.IsEmpty: false } mapping)
        {
            return Refuse(node, byName, what);
        }

        var fits = true;
        foreach (var (key, value) in mapping.Entries)
        {
            if (key.Text.Length == 0 && byName.Key is not "a value")
            {
                problems.Add(key.At, $"{what} needs {byName.Key} before the colon, not an empty text.");
                fits = false;
            }

            fits &= Fits(value, byName.Value, Quoted.Text(key.Text) + $" of {what}");
        }

        return fits;
    }

    private bool FitsKeys(PlanNode node, Shape.Keys keys, string what)
    {
        if (node is not Mapping mapping)
        {
            return Refuse(node, keys, what);
        }

        var meant = ReportOthers(mapping, [.. keys.Names], what);
        var fits = meant.Count == 0;
        foreach (var key in keys.All)
        {
            if (mapping.Find(key.Name) is { } value)
            {
                fits &= Fits(value, key.Shape, $"`{key.Name}`");
            }
            else if (key.IsRequired && !meant.Contains(key.Name))
            {
                problems.Add(mapping.At, $"{what} lacks the key `{key.Name}`.", $"It needs {key.Shape.Words}.");
                fits = false;
            }
        }

        return fits;
    }

    /// <summary>Checks a scalar; <paramref name="told"/> is the shape that a message names.</summary>
    private bool FitsScalar(PlanNode node, Shape shape, Shape told, string what)
    {
        if (node is not Scalar { IsNothing: false } scalar)
        {
            return Refuse(node, told, what);
        }

        var text = scalar.Text;
        return shape switch
        {
            Shape.Text { MayBeEmpty: false } when text.Length == 0 => Refuse(node, told, what),
            Shape.Text { Pattern: { } pattern } when !IsMatch(text, pattern) => Refuse(node, told, what),
            Shape.Text => true,
            Shape.OneOf choice => choice.Choices.Contains(text, StringComparer.Ordinal)
                || Refuse(node, told, what, Nearest.Hint(text, choice.Choices)),
            Shape.Type => TypeName.TryParse(text, out _, out _, out _)
                || Refuse(node, told, what, HintForType(text)),
            Shape.Flag => text is "true" or "false" || Refuse(node, told, what),
            Shape.Number number => (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                && n >= number.Min && n <= number.Max) || Refuse(node, told, what),
            Shape.Time => Duration.TryParse(text, out _) || Refuse(node, told, what),
            Shape.Literal => FitsLiteral(scalar, what),
            Shape.Formula formula => FitsFormula(scalar, formula, what),
            _ => throw new System.Diagnostics.UnreachableException(shape.ToString()),
        };
    }

    private static string? HintForType(string text) => text.StartsWith("decimal(", StringComparison.Ordinal)
        ? $"In `decimal(p,s)` p is the number of digits, at most {TypeName.PrecisionMax}, and s how many of them stand behind the point."
        : Nearest.Hint(text, TypeName.All.Keys);

    private bool FitsLiteral(Scalar scalar, string what)
    {
        if (!scalar.IsPlain || LiteralText.OfPlain(scalar.Text) is not null)
        {
            return true;
        }

        problems.Add(
            scalar.At,
            $"{what} is the number {Quoted.Text(scalar.Text)}, which has too many digits or is too large.",
            "Numbers have at most 28 digits; put it in quotes if it is a text.");
        return false;
    }

    private bool FitsFormula(Scalar scalar, Shape.Formula shape, string what)
    {
        var text = scalar.Text.Trim();
        if (text.Length == 0)
        {
            return Refuse(scalar, shape, what);
        }

        var place = new FormulaPlace(scalar);
        var found = new List<PlanProblem>();
        var syntax = FormulaParser.Parse(text, place.First, Parameters, found);
        foreach (var problem in found)
        {
            problems.Add(place.InPlan(problem.At), problem.Message, problem.Hint);
        }

        if (syntax is null)
        {
            return false;
        }

        _formulas[scalar] = new Formula(text, place.First, syntax);
        return true;
    }

    // Patterns are the catalogue's own and linear; the time limit is for the analyzer.
    private static bool IsMatch(string text, string pattern) =>
        Regex.IsMatch(text, pattern, RegexOptions.NonBacktracking, TimeSpan.FromSeconds(5)) && !text.EndsWith('\n');
}
