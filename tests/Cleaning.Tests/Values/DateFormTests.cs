using System.Globalization;
using System.Text;

namespace OrleansClean.Cleaning.Tests.Values;

public sealed class DateFormTests
{
    [Theory]
    [InlineData("yyyy-MM-dd", "en", "2019-04-15", "2019-04-15T00:00:00")]
    [InlineData("d/M/yyyy", "en", "5/4/2019", "2019-04-05T00:00:00")]
    [InlineData("d/M/yyyy", "en", "15/12/2019", "2019-12-15T00:00:00")]
    [InlineData("dd.MM.yy", "en", "15.04.68", "2068-04-15T00:00:00")]
    [InlineData("dd.MM.yy", "en", "15.04.69", "1969-04-15T00:00:00")]
    [InlineData("d MMM yyyy", "en", "5 SEPT. 2019", "2019-09-05T00:00:00")]
    [InlineData("d MMM yyyy", "de", "5 mrz 2019", "2019-03-05T00:00:00")]
    [InlineData("d. MMMM yyyy", "de", "5. MÄRZ 2019", "2019-03-05T00:00:00")]
    [InlineData("d MMM yyyy", "fr", "5 janv. 2019", "2019-01-05T00:00:00")]
    [InlineData("d 'de' MMMM 'de' yyyy", "es", "5 de septiembre de 2019", "2019-09-05T00:00:00")]
    [InlineData("dd.MMM.yyyy", "en", "05.Jan.2019", "2019-01-05T00:00:00")]
    [InlineData("yyyyMMddHHmmss", "en", "20190415235958", "2019-04-15T23:59:58")]
    [InlineData("yyyy-MM-ddTHH:mm:ss.fff", "en", "2019-04-15T01:02:03.045", "2019-04-15T01:02:03.0450000")]
    [InlineData("M/d/yyyy h:mm tt", "en", "4/15/2019 12:05 am", "2019-04-15T00:05:00")]
    [InlineData("M/d/yyyy h:mm tt", "en", "4/15/2019 12:05 PM", "2019-04-15T12:05:00")]
    [InlineData("M/d/yyyy h:mm tt", "en", "4/15/2019 1:05 PM", "2019-04-15T13:05:00")]
    public void A_form_reads_its_dates(string pattern, string locale, string text, string expected)
    {
        Assert.True(Form(pattern, locale).TryParse(Encoding.UTF8.GetBytes(text), out DateTime value));
        Assert.Equal(DateTime.Parse(expected, CultureInfo.InvariantCulture), value);
    }

    [Theory]
    [InlineData("yyyy-MM-dd", "2019-4-15")]
    [InlineData("yyyy-MM-dd", "2019-02-29")]
    [InlineData("yyyy-MM-dd", "2019-13-01")]
    [InlineData("yyyy-MM-dd", "0000-01-01")]
    [InlineData("yyyy-MM-dd", "2019-04-15 ")]
    [InlineData("yyyy-MM-dd", "2019-04")]
    [InlineData("d/M/yyyy", "115/4/2019")]
    [InlineData("d MMM yyyy", "5 Foo 2019")]
    [InlineData("d MMM yyyy", "5 \u00ff\u00fe")]
    [InlineData("dd.MM.yyyy HH:mm", "15.04.2019 24:00")]
    [InlineData("M/d/yyyy h:mm tt", "4/15/2019 13:05 PM")]
    public void A_form_reads_nothing_else(string pattern, string text) =>
        Assert.False(Form(pattern, "en").TryParse(Encoding.UTF8.GetBytes(text), out DateTime _));

    [Theory]
    [InlineData("YYYY-MM-DD", "'YYYY' is no part of a date form. The year is yyyy or yy.")]
    [InlineData("dd.MM", "The date form names no year (yyyy): a date cannot be read with it.")]
    [InlineData("dd.dd.MM.yyyy", "The date form names 'd' twice.")]
    [InlineData("dd.MM.yyyy hh:mm", "'h' counts hours to twelve and needs tt (AM or PM); the hour of 24 is H.")]
    [InlineData("dd.MM.yyyy 'at", "A single quote in the date form is not closed.")]
    [InlineData("", "A date form has 1 to 64 characters, this one 0.")]
    public void A_wrong_pattern_says_what_is_wrong(string pattern, string expected)
    {
        Assert.False(DateForm.TryCompile(pattern, "en", out _, out var error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void An_unknown_language_names_the_known_ones()
    {
        Assert.False(DateForm.TryCompile("d MMM yyyy", "xx", out _, out var error));
        Assert.Equal("There are no month names for 'xx'; known are de en es fr it nl pt.", error);
    }

    [Theory]
    [InlineData("yyyy-MM", "en", "2019-04")]
    [InlineData("d MMMM yy", "de", "5 April 19")]
    [InlineData("d. MMM yyyy 'um' H 'o''clock'", "it", "5. apr 2019 um 13 o'clock")]
    [InlineData("hh:mm:ss.ff tt", "en", "01:02:03.04 PM")]
    public void A_form_writes(string pattern, string locale, string expected)
    {
        Assert.True(DateForm.TryCompileForWriting(pattern, locale, out var form, out var error), error);
        var text = new byte[DateForm.LengthMax];
        var length = form.Format(new DateTime(2019, 4, 5, 13, 2, 3, 45, DateTimeKind.Unspecified), text);
        Assert.Equal(expected, Encoding.UTF8.GetString(text, 0, length));
    }

    [Fact]
    public void What_a_full_form_writes_it_reads_in_every_language()
    {
        foreach (var locale in MonthNames.Locales)
        {
            foreach (var pattern in new[] { "d MMM yyyy", "MMMM dd, yyyy", "dd.MM.yyyy" })
            {
                var form = Form(pattern, locale);
                for (var day = new DateTime(2019, 12, 31); day.Year == 2019; day = day.AddDays(-13))
                {
                    var text = new byte[DateForm.LengthMax];
                    var length = form.Format(day, text);
                    Assert.True(form.TryParse(text.AsSpan(0, length), out DateTime read), $"{locale} {pattern} {day}");
                    Assert.Equal(day, read);
                }
            }
        }
    }

    [Fact]
    public void A_form_knows_whether_it_speaks_of_time()
    {
        Assert.False(Form("dd.MM.yyyy", "en").HasTime);
        Assert.True(Form("dd.MM.yyyy HH", "en").HasTime);
    }

    [Theory]
    [InlineData("2019-04-15", true)]
    [InlineData("2019-04-15T10:20", true)]
    [InlineData("2019-04-15 10:20:30", true)]
    [InlineData("2019-04-15T10:20:30.1234567", true)]
    [InlineData("2019-04-15T10:20:30.12345678", false)]
    [InlineData("2019-04-15T10:20:30Z", false)]
    [InlineData("2019-04-15T24:20:30", false)]
    [InlineData("2019-04-31", false)]
    [InlineData("2019-04-15T10", false)]
    [InlineData("2019-04-15T10:20:", false)]
    public void Iso_times_are_read_without_a_zone(string text, bool expected) =>
        Assert.Equal(expected, IsoTime.TryReadDateTime(Encoding.UTF8.GetBytes(text), out _));

    private static DateForm Form(string pattern, string locale)
    {
        Assert.True(DateForm.TryCompile(pattern, locale, out var form, out var error), error);
        return form;
    }
}
