using ApiKeyAuth.Tests.Startup;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.RateLimiting.Http;

/// <summary>Controllers that a filter of the app protects, not an attribute of theirs.</summary>
public sealed class ControllerFilterTests
{
    [Test]
    public async Task AuthorizeFilter_OfTheWholeApp_LimitsEveryAction()
    {
        await using var app = await TestApp.StartAsync(web => web.MapControllers(), services: services => services
            .AddControllers(options => options.Filters.Add(new AuthorizeFilter()))
            .ConfigureApplicationPartManager(parts => parts.FeatureProviders.Add(new OnlyControllers(typeof(FilteredController)))));
        var secret = await LimitedApp.IssueAsync(app, "2/hour");
        Assert.That(await LimitedApp.StatusAsync(app, "/filtered", null), Is.EqualTo(401));
        using var first = await app.GetAsync("/filtered", secret);
        LimitedApp.AssertHeaders(first, 2, 1);
        Assert.That(await LimitedApp.StatusAsync(app, "/filtered", secret), Is.EqualTo(200));
        using var rejected = await app.GetAsync("/filtered", secret);
        await rejected.AssertRefusedAsync(429, "rate_limit_exceeded");
        Assert.That(await LimitedApp.StatusAsync(app, "/anonymous", secret), Is.EqualTo(200));
    }

    [NonController]
    public sealed class FilteredController : ControllerBase
    {
        [HttpGet("filtered")]
        public IActionResult Get() => Ok("in");

        [HttpGet("anonymous")]
        [Microsoft.AspNetCore.Authorization.AllowAnonymous]
        public IActionResult GetAnonymous() => Ok("in");
    }
}
