using Microsoft.AspNetCore.HttpOverrides;
using OpenIddict.Validation.AspNetCore;
using Twig;
using Twig.OAuth;

var builder = WebApplication.CreateBuilder(args);
var database = builder.Configuration.GetConnectionString("ApiKeys") ?? $"Data Source={DataFolder()}/twig.db";
builder
    .AddApiKeyAuth(options => options.Errors.WriteBody = ErrorBodies.WriteAsync)
    .AddBearerForwarding(OpenIddictValidationAspNetCoreDefaults.AuthenticationScheme)
    .AddSqlite(database)
    .AddAlerts();
builder.Services.AddOAuth(database, builder.Configuration, builder.Environment);
builder.Services.AddSingleton<Workspace>();
builder.Services.Configure<ForwardedHeadersOptions>(forwarded => forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor);

var app = builder.Build();
await app.Services.MigrateApiKeysAsync();
if (args is ["rotate-keys", ..])
{
    return await KeyRotation.RunAsync(app.Services, args[1..]);
}

app.UseForwardedHeaders();
app.UseStatusCodePages(page => ErrorBodies.WriteAsync(page.HttpContext));
app.UseApiKeyAuth();
app.UseRateLimiter();

var api = app.MapGroup("/api");
api.MapKeys();
api.MapAgents();
api.MapData();
app.MapSignIn();
app.MapOAuth();

await app.Services.CreateOAuthTablesAsync();

// The lines to paste are printed after the framework's startup logs.
await app.StartAsync();
if (app.Environment.IsDevelopment())
{
    await DemoCredentials.PrintAsync(app.Services);
}

await app.WaitForShutdownAsync();
return 0;

string DataFolder() => Directory.CreateDirectory(Path.Combine(builder.Environment.ContentRootPath, "data")).FullName;
