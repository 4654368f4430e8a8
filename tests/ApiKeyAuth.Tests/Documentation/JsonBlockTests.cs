using System.Text.Json;
using ApiKeyAuth.Tests.Startup;

namespace ApiKeyAuth.Tests.Documentation;

/// <summary>Binds the settings of all pages, and parses the other JSON.</summary>
internal sealed class JsonBlockTests
{
    private static IEnumerable<MarkdownBlock> Blocks => MarkdownPage.All.SelectMany(page => page.Blocks("json"));

    [Test]
    public void Pages_BlocksOfSettings_AreFound() => Assert.That(Blocks.Count(IsSettings), Is.GreaterThan(5));

    [TestCaseSource(nameof(Blocks))]
    public async Task Block_OfSettings_Binds(MarkdownBlock block)
    {
        using var json = JsonDocument.Parse(block.Code, new JsonDocumentOptions { AllowDuplicateProperties = false });
        if (IsSettings(block))
        {
            var start = await StartUp.RunJsonAsync(block.Code, "Development");
            Assert.That(start.Error, Is.Null, start.Everything);
        }
        else
        {
            Assert.That(json.RootElement.ValueKind, Is.EqualTo(JsonValueKind.Object));
        }
    }

    private static bool IsSettings(MarkdownBlock block) => block.Code.Contains("\"ApiKeyAuth\"", StringComparison.Ordinal);
}
