using System.Text.Json;
using AiGateway;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Management;
using Samples;

var builder = WebApplication.CreateBuilder(args);
await using var upstream = builder.Environment.IsDevelopment() ? await DemoUpstream.StartAsync(builder.Configuration) : null;
builder
    .AddApiKeyAuth(options =>
    {
        options.Errors.WriteBody = ErrorBodies.WriteAsync;

        // The owner of a token is its gateway, not the caller. The endpoints and the pages limit the caller to a gateway.
        options.Management.ManagesOthers = _ => true;
    })
    .AddScheme(ApiKeyDefaults.AuthenticationScheme, scheme => scheme.AudienceSelector = Gateways.Of)
    .AddSqlite(builder.Configuration.GetConnectionString("ApiKeys") ?? $"Data Source={DataFolder()}/aigateway.db")
    .AddDashboard();
var signIn = new DashboardSignIn(GatewayPages.Path, "user-123456");
signIn.AddServices(builder, ApiKeyDefaults.AuthenticationScheme);
builder.Services.AddStrictJsonBodies(JsonNamingPolicy.CamelCase);
builder.Services.AddSingleton<Gateways>().AddSingleton<Models>();
builder.Services.AddReverseProxy().LoadFromConfig(builder.Configuration.GetSection("ReverseProxy")).AddTransforms<UpstreamKeys>();

var app = builder.Build();
app.UseStatusCodePages(page => ErrorBodies.WriteAsync(page.HttpContext));
app.UseApiKeyAuth();

app.MapReverseProxy(proxy => proxy.Use(Models.CheckAsync)).RequireScope("chat");
app.MapGet(Models.Path, Models.List).RequireScope("chat");
app.MapTokens();
app.MapGatewayPages(signIn);

await app.Services.MigrateApiKeysAsync();

// The lines to paste are printed after the framework's startup logs.
await app.StartAsync();
if (app.Environment.IsDevelopment())
{
    signIn.Print(app);
    await DemoKeys.PrintAsync(
        app.Services,
        "data/aigateway.db",
        DemoToken("GATEWAY_TOKEN", Gateways.Demo),
        DemoToken("OTHER_GATEWAY_TOKEN", "user-123456-other-gateway"),
        new NewApiKey { Name = "GATEWAY_ADMIN_KEY", TenantId = "user-123456", Scopes = ["tokens"] });
}

await app.WaitForShutdownAsync();

string DataFolder() => Directory.CreateDirectory(Path.Combine(builder.Environment.ContentRootPath, "data")).FullName;

static NewApiKey DemoToken(string name, string gateway) =>
    new() { Name = name, TenantId = "user-123456", OwnerId = gateway, Audiences = [gateway], Scopes = ["chat"] };
