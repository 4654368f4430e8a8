using System.Text.RegularExpressions;

namespace ApiKeyAuth.Tests.Conventions;

/// <summary>The settings of a test run leave tests out by one category; a misspelled one would leave none out.</summary>
public sealed class CategoryTests
{
    [Test]
    public void Categories_OfAllTests_AreTheOneThatTheSettingsName()
    {
        var root = Repository.Root;
        var settings = File.ReadAllText(Path.Combine(root, ".config", "default.runsettings"));
        var categories = Directory.GetFiles(Path.Combine(root, "tests"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Regex.Matches(File.ReadAllText(file), @"Category(?:\(| = )""(\w+)""").Select(match => match.Groups[1].Value))
            .Distinct();

        Assert.That(categories, Is.EqualTo(new[] { "Long" }));
        Assert.That(settings, Does.Contain("<TestCaseFilter>TestCategory!=Long</TestCaseFilter>"));
    }
}
