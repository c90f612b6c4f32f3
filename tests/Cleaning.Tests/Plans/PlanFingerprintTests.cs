using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Tests.PlanTexts;

public sealed class PlanFingerprintTests
{
    private const string Plan = """
        plan: 1
        name: sales
        params: {limit: 500, unused: 1}
        read: {files: in/*.csv, nulls: [NULL, "-"]}
        steps:
          - parse: {amount: decimal, day: {type: date, formats: [dd.MM.yyyy]}}
          - filter: amount <= ${limit}
            on_error: reject
          - derive: {double: amount * 2, more: double + 1}
        expect:
          - amount > 0
        write: {to: "out/{name}.csv", bom: true}
        """;

    private static readonly string Fingerprint = PlanText.Load(Plan).Fingerprint;

    [Fact]
    public void A_fingerprint_is_64_hex_digits_and_that_of_a_step_16()
    {
        var plan = PlanText.Load(Plan);

        Assert.Matches("^[0-9a-f]{64}$", plan.Fingerprint);
        Assert.Matches("^[0-9a-f]{16}$", PlanFingerprint.OfStep(plan.Steps[0]));
        Assert.Equal(plan.Fingerprint, PlanFingerprint.Effective(plan));
    }

    [Theory]
    [InlineData("name: sales", "name: other")]
    [InlineData("name: sales", "# a comment\nname:    sales\nabout: what it is for")]
    [InlineData("parse: {amount: decimal, day: {type: date, formats: [dd.MM.yyyy]}}", "parse: {day: {formats: [dd.MM.yyyy], type: date}, amount: decimal}")]
    [InlineData("    on_error: reject\n", "")]
    [InlineData("    on_error: reject\n", "    note: keeps the small ones\n    id: filter\n")]
    [InlineData("amount <= ${limit}", "(amount)   <= ${limit}")]
    [InlineData("nulls: [NULL, \"-\"]", "nulls: ['-', NULL, NULL]")]
    [InlineData("bom: true", "bom: true, quoting: keep, newline: lf, combine: false")]
    [InlineData("unused: 1", "unused: 2")]
    [InlineData("write: {", "run: {retries: 7}\ntests: []\nwrite: {")]
    public void What_changes_no_output_does_not_count(string written, string instead) =>
        Assert.Equal(Fingerprint, PlanText.Load(Changed(written, instead)).Fingerprint);

    [Theory]
    [InlineData("limit: 500", "limit: 501")]
    [InlineData("limit: 500", "limit: \"500\"")]
    [InlineData("limit: 500", "limit: 500.0")]
    [InlineData("amount: decimal", "amount: number")]
    [InlineData("dd.MM.yyyy", "d.MM.yyyy")]
    [InlineData("on_error: reject", "on_error: keep")]
    [InlineData("on_error: reject", "id: small")]
    [InlineData("<=", "<")]
    [InlineData("{double: amount * 2, more: double + 1}", "{more: double + 1, double: amount * 2}")]
    [InlineData("amount > 0", "amount >= 0")]
    [InlineData("- amount > 0", "- {check: amount > 0, severity: warn}")]
    [InlineData("bom: true", "bom: false")]
    [InlineData("NULL, ", "")]
    [InlineData("files: in/*.csv", "files: in/**/*.csv")]
    public void What_may_change_an_output_counts(string written, string instead) =>
        Assert.NotEqual(Fingerprint, PlanText.Load(Changed(written, instead)).Fingerprint);

    [Fact]
    public void A_parameter_from_outside_counts_as_its_value_would() => Assert.Equal(
        PlanText.Load(Changed("limit: 500", "limit: 9")).Fingerprint,
        PlanText.Load(Plan, ("limit", "9")).Fingerprint);

    [Fact]
    public void Every_step_of_every_verb_has_a_fingerprint_of_its_own()
    {
        var steps = PlanText.Load(File.ReadAllText(Path.Combine(Approved.Folder, "Samples", "everything.yaml"))).Steps;

        Assert.Equal(steps.Length, steps.Select(PlanFingerprint.OfStep).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(VerbCatalog.Verbs.Length, steps.Select(s => s.Verb).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void The_canonical_form_is_the_approved_one_so_that_fingerprints_last()
    {
        var plan = PlanText.Load(File.ReadAllText(Path.Combine(Approved.Folder, "Samples", "everything.yaml")));

        Approved.Check(Path.Combine(Approved.Folder, "Samples", "everything.canonical.json"), PlanFingerprint.CanonicalForm(plan) + "\n");
    }

    private static string Changed(string written, string instead)
    {
        Assert.Contains(written, Plan, StringComparison.Ordinal);
        return Plan.Replace(written, instead, StringComparison.Ordinal);
    }
}
