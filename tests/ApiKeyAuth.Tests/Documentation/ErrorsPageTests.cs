using System.Reflection;
using ApiKeyAuth.Http;

namespace ApiKeyAuth.Tests.Documentation;

/// <summary>The page of errors has one section for each code, with its status.</summary>
public sealed class ErrorsPageTests
{
    private static readonly MarkdownPage Page = MarkdownPage.Get("src/ApiKeyAuth/docs/errors.md");

    private static FieldInfo[] Codes => typeof(ApiKeyErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static);

    [Test]
    public void Headings_OfThePage_AreTheCodes() =>
        Assert.That(
            Page.Headings.Where(heading => heading.Contains('_', StringComparison.Ordinal) || heading == ApiKeyErrorCodes.Conflict
                || heading == ApiKeyErrorCodes.Forbidden),
            Is.EquivalentTo(Codes.Select(code => (string)code.GetRawConstantValue()!)));

    [TestCaseSource(nameof(Codes))]
    public void Section_OfACode_StartsWithItsStatus(FieldInfo field)
    {
        var code = (string)field.GetRawConstantValue()!;
        var status = XmlDocumentation.GetSummary($"F:{typeof(ApiKeyErrorCodes).FullName}.{field.Name}").Split(':')[0];
        Assert.That(Page.Anchors, Does.Contain(code), "the anchor that a link by the code uses");
        Assert.That(Page.Text, Does.Contain($"## {code}\n\n**{status}.** "));
    }
}
