using System.Collections.Immutable;
using System.Text;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>Functions of dates and times.</summary>
internal static class DateFunctions
{
    public static void Today(EvaluationContext context, out Value result)
    {
        context.ClockWasRead = true;
        result = Value.Date(DateOnly.FromDateTime(context.Now));
    }

    public static void Now(EvaluationContext context, out Value result)
    {
        context.ClockWasRead = true;
        result = Value.DateTime(context.Now);
    }

    public static void Date(EvaluationContext context, in Value year, in Value month, in Value day, out Value result)
    {
        var (y, m, d) = (year.AsInteger, month.AsInteger, day.AsInteger);
        var exists = y is >= 1 and <= 9999 && m is >= 1 and <= 12 && d >= 1 && d <= DateTime.DaysInMonth((int)y, (int)m);
        result = exists
            ? Value.Date(new DateOnly((int)y, (int)m, (int)d))
            : context.Fail(FormulaProblems.Expression("There is no such day in the calendar."));
    }

    public static void Year(EvaluationContext context, in Value date, out Value result) => result = Value.Integer(Times.AsTime(date).Year);

    public static void Month(EvaluationContext context, in Value date, out Value result) => result = Value.Integer(Times.AsTime(date).Month);

    public static void Day(EvaluationContext context, in Value date, out Value result) => result = Value.Integer(Times.AsTime(date).Day);

    public static void Hour(EvaluationContext context, in Value date, out Value result) => result = Value.Integer(Times.AsTime(date).Hour);

    public static void Minute(EvaluationContext context, in Value date, out Value result) => result = Value.Integer(Times.AsTime(date).Minute);

    public static void Second(EvaluationContext context, in Value date, out Value result) => result = Value.Integer(Times.AsTime(date).Second);

    public static void Weekday(EvaluationContext context, in Value date, out Value result) =>
        result = Value.Integer((((int)Times.AsTime(date).DayOfWeek + 6) % 7) + 1);

    public static Expression? BindAdd(CallBinder call)
    {
        var (date, count, unit) = (call.Time(0), call.Integer(1), (DateUnit)call.Prepared!);
        if (date is null || count is null)
        {
            return null;
        }

        if (date.Type == ColumnType.Date && unit < DateUnit.Day)
        {
            return call.Problem(2, "A date has no time of day to which hours, minutes or seconds could be added.", "Parse the column as datetime.");
        }

        return new Call2(
            (EvaluationContext context, in Value from, in Value n, out Value result) =>
            {
                if (!DateUnits.TryAdd(Times.AsTime(from), n.AsInteger, unit, out var time))
                {
                    result = context.Fail(FormulaProblems.Expression("The date is beyond the years 1 to 9999."));
                    return;
                }

                result = from.Kind == ValueKind.Date ? Value.Date(DateOnly.FromDateTime(time)) : Value.DateTime(time);
            },
            date,
            count,
            date.Type);
    }

    public static Expression? BindDifference(CallBinder call)
    {
        var (from, to, unit) = (call.Time(0), call.Time(1), (DateUnit)call.Prepared!);
        return from is null || to is null
            ? null
            : new Call2(
                (EvaluationContext _, in Value a, in Value b, out Value result) =>
                    result = Value.Integer(DateUnits.Between(Times.AsTime(a), Times.AsTime(b), unit)),
                from,
                to,
                ColumnType.Integer);
    }

    public static PlanProblem? PrepareFormat(ImmutableArray<FormulaSyntax> arguments, out object? prepared) =>
        Prepare(arguments, isRead: false, out prepared);

    public static PlanProblem? PrepareParse(ImmutableArray<FormulaSyntax> arguments, out object? prepared) =>
        Prepare(arguments, isRead: true, out prepared);

    public static Expression? BindFormat(CallBinder call)
    {
        var form = (DateForm)call.Prepared!;
        return call.Time(0) is not { } date ? null : new Call1(
            (EvaluationContext context, in Value value, out Value result) =>
            {
                Span<byte> text = stackalloc byte[DateForm.LengthMax];
                var length = form.Format(Times.AsTime(value), text);
                if (!context.Row.Arena.TryCopy(text[..length], out result))
                {
                    result = context.Fail(FormulaProblems.TooMuchText);
                }
            },
            date,
            ColumnType.Text);
    }

    public static Expression? BindParse(CallBinder call)
    {
        var form = (DateForm)call.Prepared!;
        var type = form.HasTime ? ColumnType.DateTime : ColumnType.Date;
        return call.Text(0) is not { } operand ? null : new Converted(
            operand,
            (EvaluationContext context, in Value text, out Value result) =>
            {
                WhiteSpaceless(text, out var trimmed);
                if (!form.TryParse(trimmed, out DateTime time))
                {
                    result = context.Fail(FormulaProblems.NotOfType(null, $"date {form.Pattern}", text));
                    return;
                }

                result = form.HasTime ? Value.DateTime(time) : Value.Date(DateOnly.FromDateTime(time));
            },
            (operand as ColumnText)?.Column,
            type);
    }

    private static void WhiteSpaceless(in Value text, out ReadOnlySpan<byte> trimmed) => trimmed = text.AsText.Trim(" \t"u8);

    private static PlanProblem? Prepare(ImmutableArray<FormulaSyntax> arguments, bool isRead, out object? prepared)
    {
        prepared = null;
        var words = new string[2] { "", "en" };
        for (var i = 1; i < arguments.Length; i++)
        {
            if (arguments[i] is not FormulaSyntax.Constant { Value.Kind: ValueKind.Text } constant)
            {
                return new PlanProblem(arguments[i].At, "The form of a date and its locale are texts of the plan in 'single quotes'.");
            }

            words[i - 1] = Encoding.UTF8.GetString(constant.Value.AsText);
        }

        DateForm? form;
        var isGood = isRead
            ? DateForm.TryCompile(words[0], words[1], out form, out var error)
            : DateForm.TryCompileForWriting(words[0], words[1], out form, out error);
        prepared = form;
        return isGood ? null : new PlanProblem(arguments[1].At, error);
    }
}
