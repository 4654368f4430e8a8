using AiGateway;
using ApiKeyAuth.Authentication;
using Microsoft.AspNetCore.WebUtilities;

var builder = WebApplication.CreateBuilder(args);
await using var upstream = builder.Environment.IsDevelopment() ? await DemoUpstream.StartAsync(builder.Configuration) : null;
builder
    .AddApiKeyAuth(options =>
    {
        options.Errors.WriteBody = ErrorBodies.WriteAsync;

        // The owner of a token is its gateway, not the caller.
        options.Management.ManagesOthers = _ => true;
    })
    .AddScheme(ApiKeyDefaults.AuthenticationScheme, scheme => scheme.AudienceSelector = Gateways.Of)
    .AddSqlite(builder.Configuration.GetConnectionString("ApiKeys") ?? $"Data Source={DataFolder()}/aigateway.db");
builder.Services.AddSingleton<Gateways>();
builder.Services.AddReverseProxy().LoadFromConfig(builder.Configuration.GetSection("ReverseProxy")).AddTransforms<UpstreamKeys>();

var app = builder.Build();
app.UseStatusCodePages(page =>
    ErrorBodies.WriteAsync(page.HttpContext, ReasonPhrases.GetReasonPhrase(page.HttpContext.Response.StatusCode)));
app.UseApiKeyAuth();

app.MapReverseProxy().RequireScope("chat");
app.MapTokens();

await app.Services.MigrateApiKeysAsync();

// The lines to paste are printed after the framework's startup logs.
await app.StartAsync();
if (app.Environment.IsDevelopment())
{
    await DemoKeys.PrintAsync(app.Services);
}

await app.WaitForShutdownAsync();

string DataFolder() => Directory.CreateDirectory(Path.Combine(builder.Environment.ContentRootPath, "data")).FullName;
