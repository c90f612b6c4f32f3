using System.Xml.Linq;

namespace OrleansClean.Repository.Tests;

public sealed class DependencyTests
{
    private static readonly string[] OrleansShell = ["Grains", "Silo", "Client"];

    [Fact]
    public void The_table_in_the_architecture_says_what_the_projects_reference()
    {
        var projects = Projects("src/");
        Assert.NotEmpty(projects);

        var actual = projects
            .Select(project => $"{Path.GetDirectoryName(project)} | {Join(ReferencedProjects(project))} | {Join(ReferencedPackages(project))}")
            .Select(row => row.Replace('\\', '/'))
            .Order(StringComparer.Ordinal);
        var documented = MarkdownTable.Rows("ARCHITECTURE.md", "Dependency table")
            .Select(row => string.Join(" | ", row.Select(MarkdownTable.Plain)))
            .Order(StringComparer.Ordinal);

        Assert.Equal(string.Join('\n', actual), string.Join('\n', documented));
    }

    [Fact]
    public void Nothing_points_back()
    {
        var projects = Projects("src/").ToDictionary(Name, ReferencedProjects, StringComparer.Ordinal);
        Assert.NotEmpty(projects);

        foreach (var project in projects.Keys)
        {
            Assert.False(Reaches(project, project, projects), $"{project} reaches itself through its references.");
        }
    }

    [Fact]
    public void Only_the_shell_of_the_cluster_may_see_Orleans()
    {
        var outside = Projects("").Where(project => !OrleansShell.Contains(Name(project).Split('.')[0], StringComparer.Ordinal)).ToList();
        Assert.NotEmpty(outside);

        foreach (var project in outside)
        {
            var text = House.Read(project);
            Assert.DoesNotContain("Microsoft.Orleans", text, StringComparison.Ordinal);
            Assert.DoesNotContain("MayUseOrleans", text, StringComparison.Ordinal);
            Assert.DoesNotContain(ReferencedProjects(project), reference => OrleansShell.Contains(reference, StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Every_source_project_is_in_the_solution_and_has_tests()
    {
        var solution = House.Read("OrleansClean.sln").Replace('\\', '/');
        var sources = Projects("src/");
        Assert.NotEmpty(sources);

        Assert.All(sources.Concat(Projects("tests/")), project => Assert.Contains($"\"{project}\"", solution, StringComparison.Ordinal));
        Assert.All(sources, project => Assert.Contains($"tests/{Name(project)}.Tests/{Name(project)}.Tests.csproj", House.Files));
    }

    [Fact]
    public void The_core_filter_names_projects_that_exist()
    {
        using var filter = System.Text.Json.JsonDocument.Parse(House.Read("OrleansClean.Core.slnf"));
        var projects = filter.RootElement.GetProperty("solution").GetProperty("projects").EnumerateArray()
            .Select(project => project.GetString()!.Replace('\\', '/')).ToList();

        Assert.NotEmpty(projects);
        Assert.All(projects, project => Assert.Contains(project, House.Files));
    }

    [Fact]
    public void Every_central_version_is_used()
    {
        var versions = XDocument.Parse(House.Read("Directory.Packages.props")).Descendants("PackageVersion")
            .Select(version => version.Attribute("Include")!.Value).ToList();
        var used = House.FilesEndingIn(".csproj", "tests/Directory.Build.props").SelectMany(ReferencedPackages).ToHashSet(StringComparer.Ordinal);
        Assert.NotEmpty(versions);

        Assert.Equal([], versions.Where(version => !used.Contains(version)).Except(PinnedForAnother, StringComparer.Ordinal));
    }

    // Versions that a used package depends on and that are pinned because its own choice is not carried everywhere.
    private static readonly string[] PinnedForAnother = ["Azure.Core", "Azure.Storage.Common", "Namotion.Reflection", "Newtonsoft.Json"];

    private static List<string> Projects(string folder) =>
        [.. House.FilesEndingIn(".csproj").Where(file => file.StartsWith(folder, StringComparison.Ordinal))];

    private static string Name(string project) => Path.GetFileNameWithoutExtension(project);

    private static string Join(IEnumerable<string> names)
    {
        var joined = string.Join(", ", names);
        return joined.Length == 0 ? "nothing" : joined;
    }

    private static List<string> ReferencedProjects(string project) =>
        [.. Included(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))).Order(StringComparer.Ordinal)];

    private static List<string> ReferencedPackages(string project) =>
        [.. Included(project, "PackageReference").Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Included(string project, string item) =>
        XDocument.Parse(House.Read(project)).Descendants(item).Select(element => element.Attribute("Include")!.Value);

    private static bool Reaches(string from, string target, Dictionary<string, List<string>> projects) =>
        projects.TryGetValue(from, out var next)
        && next.Any(reference => string.Equals(reference, target, StringComparison.Ordinal) || Reaches(reference, target, projects));
}
