using System.Text.RegularExpressions;

namespace ApiKeyAuth.Tests.Conventions;

/// <summary>Tests the categories of tests: the run settings exclude one category, and a misspelled one would not be excluded.</summary>
public sealed class CategoryTests
{
    [Test]
    public void Category_AllTests_IsTheOneInTheRunSettings()
    {
        var root = Repository.Root;
        var settings = File.ReadAllText(Path.Combine(root, ".config", "default.runsettings"));
        var categories = Directory.GetFiles(Path.Combine(root, "tests"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Regex.Matches(File.ReadAllText(file), @"Category(?:\(| = )""(\w+)"""))
            .Select(match => match.Groups[1].Value)
            .Distinct();

        Assert.That(categories, Is.EqualTo(new[] { "Long" }));
        Assert.That(settings, Does.Contain("<TestCaseFilter>TestCategory!=Long</TestCaseFilter>"));
    }
}
