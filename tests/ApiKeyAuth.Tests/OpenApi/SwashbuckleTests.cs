using System.Text.Json;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;

namespace ApiKeyAuth.Tests.OpenApi;

/// <summary>Tests the filter for Swashbuckle that the README of the package shows.</summary>
public sealed class SwashbuckleTests
{
    [Test]
    public void Filter_OfTheReadme_IsTheOneThatIsTested()
    {
        var code = File.ReadAllText(Repository.PathOf("tests", "ApiKeyAuth.Tests", "OpenApi", "ApiKeyOperationFilter.cs"));
        var block = MarkdownPage.Get("src/ApiKeyAuth.OpenApi/README.md").Blocks("csharp")
            .Single(each => each.Code.Contains("IOperationAsyncFilter", StringComparison.Ordinal));
        Assert.That(code.Trim(), Does.EndWith(block.Code[block.Code.IndexOf("public sealed class", StringComparison.Ordinal)..].Trim()));
    }

    [Test]
    public async Task Filter_Operations_HaveTheirScopes()
    {
        await using var app = await TestApp.StartAsync(
            web =>
            {
                web.MapGet("/a", () => "in").RequireScope("a:read").WithDescription("Lists.");
                web.MapGet("/b", () => "in").RequireAuthorization();
                web.MapGet("/open", () => "in");
            },
            services: all => all.AddEndpointsApiExplorer().AddSwaggerGen(options =>
            {
                options.AddSecurityDefinition(
                    "ApiKey", new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" });
                options.OperationAsyncFilter<ApiKeyOperationFilter>();
            }));
        var document = await app.Services.GetRequiredService<IAsyncSwaggerProvider>().GetSwaggerAsync("v1");
        var json = JsonDocument.Parse(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1)).RootElement;
        Assert.That(json.Text("components", "securitySchemes"), Is.EqualTo("{'ApiKey':{'type':'http','scheme':'bearer'}}"));
        Assert.That(json.Text("paths", "/a", "get", "security"), Is.EqualTo("[{'ApiKey':['a:read']}]"));
        Assert.That(json.At("paths", "/a", "get", "description").GetString(), Is.EqualTo("Lists.\n\nScopes: a:read."));
        Assert.That(json.Text("paths", "/b", "get", "security"), Is.EqualTo("[{'ApiKey':[]}]"));
        Assert.That(json.Text("paths", "/open", "get", "security"), Is.EqualTo("[]"));
    }
}
