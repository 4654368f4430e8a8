using System.Text.Json;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Management;
using Samples;
using Twyn;

var builder = WebApplication.CreateBuilder(args);
builder
    .AddApiKeyAuth(options => options.Errors.WriteBody = ErrorBodies.WriteAsync)
    .AddSqlite(builder.Configuration.GetConnectionString("ApiKeys") ?? $"Data Source={DataFolder()}/twyn.db")
    .AddDashboard();
var signIn = new DashboardSignIn("/settings/api-keys", Simulations.DemoTenant);
signIn.AddServices(builder, ApiKeyDefaults.AuthenticationScheme);
builder.Services.AddStrictJsonBodies(JsonNamingPolicy.SnakeCaseLower);
builder.Services.AddSingleton<Simulations>();
builder.Services.AddSingleton<Scenarios>();
builder.Services.AddSingleton<KeyDocuments>();

var app = builder.Build();
app.UseStatusCodePages(page => ErrorBodies.WriteAsync(page.HttpContext));
app.UseApiKeyAuth();

var api = app.MapGroup("/v1").RequireAuthorization();
api.MapKeys();
api.MapSimulations();
api.MapScenarios();
signIn.Map(app, options => options.TestRequestPath = "/v1/simulations");

await app.Services.MigrateApiKeysAsync();

// The lines to paste are printed after the framework's startup logs.
await app.StartAsync();
if (app.Environment.IsDevelopment())
{
    signIn.Print(app);
    await DemoKeys.PrintAsync(
        app.Services,
        "data/twyn.db",
        new NewApiKey { Name = "TWYN_API_KEY", TenantId = Simulations.DemoTenant, Environment = "live" },
        new NewApiKey { Name = "TWYN_TEST_KEY", TenantId = Simulations.DemoTenant, Environment = "test" },
        new NewApiKey { Name = "TWYN_OTHER_TENANT_KEY", TenantId = "tenant_globex", Environment = "live" });
}

await app.WaitForShutdownAsync();

string DataFolder() => Directory.CreateDirectory(Path.Combine(builder.Environment.ContentRootPath, "data")).FullName;
