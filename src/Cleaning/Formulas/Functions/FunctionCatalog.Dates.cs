using System.Collections.Immutable;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>Functions of dates and times.</summary>
internal static partial class FunctionCatalog
{
    private static ImmutableArray<Function> DateEntries() =>
    [
        Entry("today()", "The day on which the batch began, in UTC; the same in every row and every attempt.", "date_add(today(), -1, 'day')", "", "2026-08-14",
            call => new Call0(DateFunctions.Today, ColumnType.Date)) with { ReadsClock = true },
        Entry("now()", "The moment at which the batch began, in UTC; the same in every row and every attempt.", "format(now(), 'HH:mm')", "", "09:30",
            call => new Call0(DateFunctions.Now, ColumnType.DateTime)) with { ReadsClock = true },
        Entry("date(year, month, day)", "The day of the calendar; an error if there is none.", "date(2024, 2, day)", "day=29", "2024-02-29",
            Of(Integer, Integer, Integer, DateFunctions.Date, ColumnType.Date)),
        Entry("year(date)", "Its year.", "year(parse_date(sold, 'dd.MM.yyyy'))", "sold=15.04.2019", "2019", Of(Time, DateFunctions.Year, ColumnType.Integer)),
        Entry("month(date)", "Its month, 1 to 12.", "month('2019-04-15')", "", "4", Of(Time, DateFunctions.Month, ColumnType.Integer)),
        Entry("day(date)", "Its day of the month.", "day('2019-04-15')", "", "15", Of(Time, DateFunctions.Day, ColumnType.Integer)),
        Entry("weekday(date)", "Its day of the week: 1 is Monday, 7 Sunday.", "weekday('2019-04-15')", "", "1", Of(Time, DateFunctions.Weekday, ColumnType.Integer)),
        Entry("hour(datetime)", "Its hour, 0 to 23; of a date 0.", "hour('2019-04-15T13:05:07')", "", "13", Of(Time, DateFunctions.Hour, ColumnType.Integer)),
        Entry("minute(datetime)", "Its minute.", "minute('2019-04-15T13:05:07')", "", "5", Of(Time, DateFunctions.Minute, ColumnType.Integer)),
        Entry("second(datetime)", "Its second, without fractions.", "second('2019-04-15T13:05:07')", "", "7", Of(Time, DateFunctions.Second, ColumnType.Integer)),
        Entry("date_add(date, n, unit)", "`n` units later, or earlier if negative; units are 'year' 'month' 'week' 'day' and, for datetimes, 'hour' 'minute' 'second'. A day that a month lacks becomes its last.", "date_add('2024-01-31', 1, 'month')", "", "2024-02-29",
            DateFunctions.BindAdd) with { Prepare = DateUnits.PrepareThird },
        Entry("date_diff(from, to, unit)", "How many whole units lie between; negative if `to` is earlier.", "date_diff('2024-01-31', '2024-03-01', 'day')", "", "30",
            DateFunctions.BindDifference) with { Prepare = DateUnits.PrepareThird },
        Entry("format(date, form[, locale])", "The date in a form such as 'dd.MM.yyyy' or 'd MMMM yyyy'; month names for en de es fr it nl pt.", "format('2019-03-05', 'd. MMMM yyyy', 'de')", "", "5. März 2019",
            DateFunctions.BindFormat) with { Prepare = DateFunctions.PrepareFormat },
        Entry("parse_date(text, form[, locale])", "A text in that form as a date, or as a datetime if the form has a time; anything else is a type-error.", "parse_date(sold, 'd/M/yyyy')", "sold=15/4/2019", "2019-04-15",
            DateFunctions.BindParse) with { Prepare = DateFunctions.PrepareParse },
    ];
}
