using ApiKeyAuth.Authentication;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using Samples;

var builder = WebApplication.CreateBuilder(args);
var database = builder.Configuration.GetConnectionString("ApiKeys") ?? $"Data Source={DataFolder()}/quickstart.db";
var keys = builder.AddApiKeyAuth().AddSqlite(database).AddDashboard();
if (builder.Configuration.GetConnectionString("Redis") is { } redis)
{
    keys.AddRedis(redis);
}

var signIn = new DashboardSignIn("/keys");
signIn.AddServices(builder, ApiKeyDefaults.AuthenticationScheme);

var app = builder.Build();
app.UseApiKeyAuth();
app.MapGet("/public", () => "ok");
app.MapGet("/protected", () => "ok").RequireScope("demo:read");
app.MapGet("/me", (HttpContext context) => context.GetApiKey() is { } key
    ? Results.Ok(new { key.Id, key.Name, Scopes = key.Scopes.ToArray(), key.Environment })
    : Results.Empty).RequireAuthorization();
app.MapApiKeys("/api-keys").RequireKeyScopes();
signIn.Map(app, options => options.TestRequestPath = "/protected");
await app.Services.MigrateApiKeysAsync();

// The lines to paste are printed after the framework's startup logs.
await app.StartAsync();
if (app.Environment.IsDevelopment())
{
    await DemoKeys.PrintAsync(
        app.Services,
        "data/quickstart.db",
        DemoKey("DEMO_KEY", "demo:read", "60/minute"),
        DemoKey("DEMO_FAST_KEY", "demo:read", "1,000,000,000/hour"),
        DemoKey("ADMIN_KEY", "*", "10,000/hour"));
    Console.WriteLine($"curl -iw '\\n' {app.Urls.First()}/protected -H \"X-API-Key: $DEMO_KEY\"\n");
    signIn.Print(app);
}

await app.WaitForShutdownAsync();

string DataFolder() => Directory.CreateDirectory(Path.Combine(builder.Environment.ContentRootPath, "data")).FullName;

static NewApiKey DemoKey(string name, string scope, string limit) =>
    new() { Name = name, Environment = "test", Scopes = [scope], RateLimits = RateLimit.ParseList(limit) };
