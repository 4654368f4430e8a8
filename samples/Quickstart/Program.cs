using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;

var builder = WebApplication.CreateBuilder(args);
builder.Services
    .AddApiKeyAuth(builder.Configuration.GetSection("ApiKeyAuth"))
    .AddInMemoryStore();

var app = builder.Build();
app.UseApiKeyAuth();

app.MapGet("/public", () => "ok");
app.MapGet("/protected", () => "ok").RequireScope("demo:read");
app.MapGet("/me", (HttpContext context) => context.GetApiKey() is { } key
    ? Results.Ok(new { key.Id, key.Name, Scopes = key.Scopes.ToArray(), key.Environment })
    : Results.Empty).RequireAuthorization();

if (app.Environment.IsDevelopment())
{
    await PrintDemoKeysAsync();
}

await app.RunAsync();

// Issues keys that live as long as the process, and shows each secret this once.
async Task PrintDemoKeysAsync()
{
    Console.WriteLine("Paste these lines into another terminal:");
    await IssueAsync("DEMO_KEY", ["demo:read"], "60/minute");
    await IssueAsync("DEMO_FAST_KEY", ["demo:read"], "1,000,000,000/hour");
    await IssueAsync("ADMIN_KEY", ["*"], "10,000/hour");
    app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"curl -i {app.Urls.First()}/protected -H \"X-API-Key: $DEMO_KEY\""));
}

async Task IssueAsync(string variable, string[] scopes, string limit)
{
    await using var scope = app.Services.CreateAsyncScope();
    var issued = await scope.ServiceProvider.GetRequiredService<ApiKeyManager>().CreateAsync(
        ApiKeyCaller.System,
        new NewApiKey { Name = variable, Environment = "test", Scopes = scopes, RateLimits = RateLimit.ParseList(limit) });
    Console.WriteLine($"export {variable}='{issued.Value!.Secret}'");
}
