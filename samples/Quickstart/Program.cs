using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;

var builder = WebApplication.CreateBuilder(args);
var database = builder.Configuration.GetConnectionString("ApiKeys") ?? $"Data Source={DataFolder()}/quickstart.db";
var keys = builder.AddApiKeyAuth().AddSqlite(database);
if (builder.Configuration.GetConnectionString("Redis") is { } redis)
{
    keys.AddRedis(redis);
}

var app = builder.Build();
app.UseApiKeyAuth();
app.MapGet("/public", () => "ok");
app.MapGet("/protected", () => "ok").RequireScope("demo:read");
app.MapGet("/me", (HttpContext context) => context.GetApiKey() is { } key
    ? Results.Ok(new { key.Id, key.Name, Scopes = key.Scopes.ToArray(), key.Environment })
    : Results.Empty).RequireAuthorization();
app.MapApiKeys("/api-keys").RequireKeyScopes();
await app.Services.MigrateApiKeysAsync();

await app.StartAsync();
if (app.Environment.IsDevelopment())
{
    await PrintDemoKeysAsync(); // after the framework's startup logs
}

await app.WaitForShutdownAsync();

string DataFolder() => Directory.CreateDirectory(Path.Combine(builder.Environment.ContentRootPath, "data")).FullName;

// Creates the demo keys at the first start and prints them once, because the database contains only their hashes.
async Task PrintDemoKeysAsync()
{
    await using var scope = app.Services.CreateAsyncScope();
    var manager = scope.ServiceProvider.GetRequiredService<ApiKeyManager>();
    var first = await manager.ListAsync(ApiKeyCaller.System, new ApiKeyListRequest { Limit = 1 });
    var isFirst = (first.Succeeded ? first.Value : throw new InvalidOperationException(first.Error.Message)).Keys.Count == 0;
    Console.WriteLine(isFirst
        ? "\nPaste these lines into another terminal; they are shown only once:\n"
        : "\nThe keys of the first start still work. To get new ones, delete the database (data/quickstart.db). Then:\n");
    if (isFirst)
    {
        await IssueAsync(manager, "DEMO_KEY", ["demo:read"], "60/minute");
        await IssueAsync(manager, "DEMO_FAST_KEY", ["demo:read"], "1,000,000,000/hour");
        await IssueAsync(manager, "ADMIN_KEY", ["*"], "10,000/hour");
    }

    Console.WriteLine($"curl -iw '\\n' {app.Urls.First()}/protected -H \"X-API-Key: $DEMO_KEY\"\n");
}

static async Task IssueAsync(ApiKeyManager manager, string variable, string[] scopes, string limit)
{
    var request = new NewApiKey { Name = variable, Environment = "test", Scopes = scopes, RateLimits = RateLimit.ParseList(limit) };
    var issued = await manager.CreateAsync(ApiKeyCaller.System, request);
    var secret = issued.Succeeded ? issued.Value.Secret : throw new InvalidOperationException(issued.Error.Message);
    Console.WriteLine($"export {variable}='{secret}'");
}
