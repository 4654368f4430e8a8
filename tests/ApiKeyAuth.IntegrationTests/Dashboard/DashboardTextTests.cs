using System.Text.RegularExpressions;
using ApiKeyAuth.Dashboard.Localization;

namespace ApiKeyAuth.IntegrationTests.Dashboard;

/// <summary>Tests the texts of the dashboard in all languages.</summary>
public sealed partial class DashboardTextTests
{
    [Test]
    public void Table_OfEachLanguage_HasTheSameTextsAndPlaceholders()
    {
        foreach (var texts in Texts.All)
        {
            Assert.That(texts.Names, Is.EquivalentTo(Texts.English.Names), texts.Language);
            foreach (var name in texts.Names.Where(name => !name.EndsWith(".one", StringComparison.Ordinal)))
            {
                Assert.That(Placeholders(texts[name]), Is.EqualTo(Placeholders(Texts.English[name])), $"{texts.Language} {name}");
            }
        }
    }

    [Test]
    public void Table_English_HasEachTextThatIsUsed()
    {
        var folder = Repository.PathOf("src", "ApiKeyAuth.Dashboard");
        var used = Directory.EnumerateFiles(folder, "*.*", SearchOption.AllDirectories)
            .Where(file => System.IO.Path.GetExtension(file) is ".razor" or ".cs" && !file.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(file => NameRegex().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value)
            .Distinct();

        Assert.That(used.Except(Texts.English.Names), Is.Empty);
    }

    [TestCase(null, "en")]
    [TestCase("de", "en")]
    [TestCase("vi", "vi")]
    [TestCase("vi-VN,vi;q=0.9,en;q=0.8", "vi")]
    [TestCase("en;q=0.5,vi", "vi")]
    [TestCase("vi;q=0,en", "en")]
    [TestCase("not;;valid", "en")]
    public void Select_AcceptLanguage_ReturnsThePreferred(string? header, string language) =>
        Assert.That(Texts.Select(header).Language, Is.EqualTo(language));

    [Test]
    public void Relative_Times_AreWritten()
    {
        var now = new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
        Assert.That(Texts.English.Relative(now, now.AddSeconds(-5)), Is.EqualTo("just now"));
        Assert.That(Texts.English.Relative(now, now.AddMinutes(-1)), Is.EqualTo("1 minute ago"));
        Assert.That(Texts.English.Relative(now, now.AddHours(-3)), Is.EqualTo("3 hours ago"));
        Assert.That(Texts.English.Relative(now, now.AddDays(3)), Is.EqualTo("in 3 days"));
        Assert.That(Texts.All[1].Relative(now, now.AddDays(-3)), Is.EqualTo("3 ngày trước"));
        Assert.That(Texts.All[1].Number(1234567), Is.EqualTo("1.234.567"));
    }

    [Test]
    public async Task Page_InVietnamese_IsTranslated()
    {
        await using var app = await DashboardApp.StartAsync();
        using var client = await app.SignInAsync();
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("vi-VN");
        using var response = await client.GetAsync(DashboardApp.Path);
        var html = await DashboardApp.ReadAsync(response);

        Assert.That(html, Does.Contain("<html lang=\"vi\">").And.Contain("Tạo khóa đầu tiên").And.Not.Contain("No keys yet"));
        Assert.That(response.Content.Headers.ContentLanguage, Is.EqualTo(new[] { "vi" }));
        Assert.That(response.Headers.Vary, Does.Contain("Accept-Language"));
    }

    private static string[] Placeholders(string text) =>
        [.. PlaceholderRegex().Matches(text).Select(match => match.Value).Distinct().Order()];

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex PlaceholderRegex();

    [GeneratedRegex("(?:\\bT|[Tt]exts)\\[\"([a-zA-Z.-]+)\"")]
    private static partial Regex NameRegex();
}
