using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Startup;

/// <summary>Tests that filters that authenticate after rate limiting stop the start.</summary>
public sealed class FilterWiringTests
{
    private static readonly AuthorizationPolicy Named = new AuthorizationPolicyBuilder("ApiKey").RequireAuthenticatedUser().Build();

    [TestCaseSource(nameof(SchemeFilters))]
    public async Task AuthorizeFilter_ThatNamesAScheme_FailsAtStart(params AuthorizeFilter[] filters)
    {
        var start = await RunAsync(filters);
        Assert.That(start.Problems, Has.One.Items.And.All.Contains("FilteredController.Get"));
        Assert.That(start.Problems[0], Does.EndWith(
            "has an AuthorizeFilter that names a scheme, which authenticates only after rate limiting; "
            + "remove the filter and call MapControllers().RequireAuthorization() instead."));
    }

    [Test]
    public async Task AuthorizeFilter_WithoutAScheme_Starts() => Assert.That((await RunAsync(new AuthorizeFilter())).Error, Is.Null);

    private static IEnumerable<TestCaseData> SchemeFilters()
    {
        yield return Case("policy given", new AuthorizeFilter(Named));
        yield return Case("policy by name", new AuthorizeFilter("Named"));
        yield return Case("attribute", new AuthorizeFilter([new AuthorizeAttribute { AuthenticationSchemes = "ApiKey" }]));
        yield return Case("before another", new AuthorizeFilter(Named), new AuthorizeFilter());

        static TestCaseData Case(string name, params AuthorizeFilter[] filters) => new TestCaseData([filters]).SetArgDisplayNames(name);
    }

    private static Task<StartUp> RunAsync(params AuthorizeFilter[] filters) => StartUp.RunAsync(
        builder =>
        {
            builder.Services.AddApiKeyAuth().AddInMemoryStore();
            builder.Services.AddAuthorizationBuilder().AddPolicy("Named", Named);
            builder.Services.AddControllers(options => Array.ForEach(filters, filter => options.Filters.Add(filter)))
                .ConfigureApplicationPartManager(parts => parts.FeatureProviders.Add(new OnlyControllers(typeof(FilteredController))));
        },
        app =>
        {
            app.UseApiKeyAuth();
            app.MapControllers();
        });

    [NonController]
    public sealed class FilteredController : ControllerBase
    {
        [HttpGet("filtered")]
        public IActionResult Get() => Ok("in");
    }
}
