using System.Text.Json;
using System.Text.Json.Serialization;
using ApiKeyAuth.Alerts;
using Microsoft.AspNetCore.HttpOverrides;
using OpenIddict.Validation.AspNetCore;
using Samples;
using Twig;
using Twig.OAuth;

var builder = WebApplication.CreateBuilder(args);
await using var receiver = builder.Environment.IsDevelopment() ? await DemoWebhook.StartAsync(builder.Configuration) : null;
builder
    .AddApiKeyAuth(options => options.Errors.WriteBody = ErrorBodies.WriteAsync)
    .AddBearerForwarding(OpenIddictValidationAspNetCoreDefaults.AuthenticationScheme)
    .AddSqlite(Database("ApiKeys", "twig.db"))
    .AddAlerts().AddDashboard();
builder.Services.AddOAuth(Database("OAuth", "twig-oauth.db"), builder.Configuration, builder.Environment);
builder.Services.AddSettings();
builder.Services.AddStrictJsonBodies(JsonNamingPolicy.CamelCase);
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Converters.Add(
    new JsonStringEnumConverter<ApiKeyAlertPeriod>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)));
builder.Services.AddSingleton<Workspace>();
builder.Services.Configure<ForwardedHeadersOptions>(forwarded => forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor);

var app = builder.Build();
await app.Services.MigrateApiKeysAsync();
if (args is ["rotate-keys", ..])
{
    return await KeyRotation.RunAsync(app.Services, args[1..]);
}

app.Use(KeyEndpoints.ReadFormsAsJsonAsync); // before routing, which selects endpoints by content type
app.UseRouting();
app.UseForwardedHeaders();
app.UseStatusCodePages(page => ErrorBodies.WriteAsync(page.HttpContext));
app.UseApiKeyAuth();
app.UseRateLimiter();

var api = app.MapGroup("/api");
api.MapKeys();
api.MapAgents();
api.MapData();
app.MapSignIn();
app.MapSettings();
app.MapOAuth();
await app.PrepareOAuthAsync();

// The lines to paste are printed after the framework's startup logs.
await app.StartAsync();
if (app.Environment.IsDevelopment())
{
    await DemoCredentials.PrintAsync(app.Services);
}

await app.WaitForShutdownAsync();
return 0;

string Database(string name, string file) => builder.Configuration.GetConnectionString(name)
    ?? $"Data Source={Directory.CreateDirectory(Path.Combine(builder.Environment.ContentRootPath, "data")).FullName}/{file}";
