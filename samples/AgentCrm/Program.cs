using System.Text.Json;
using AgentCrm;
using ApiKeyAuth.Authentication;
using Samples;

var builder = WebApplication.CreateBuilder(args);
var tokens = new DevelopmentTokens("agentcrm-development");
builder.Services.AddAuthentication().AddJwtBearer(jwt =>
{
    jwt.MapInboundClaims = false;
    if (builder.Environment.IsDevelopment())
    {
        tokens.Accept(jwt);
    }
});
builder
    .AddApiKeyAuth(options =>
    {
        // Users who may change the settings manage all keys of their company and can grant any scope.
        options.Management.ManagesOthers = _ => true;
        options.Management.MayGrant = (user, _) => user.HasClaim(KeyEndpoints.Permissions, KeyEndpoints.Write);
    })
    .AddSqlite(builder.Configuration.GetConnectionString("ApiKeys") ?? $"Data Source={DataFolder()}/agentcrm.db").MigrateOnStartup()
    .AddDashboard();
var signIn = new DashboardSignIn("/app", Crm.DemoCompany);
signIn.AddServices(builder);
builder.Services.AddMcpServer()
    .WithHttpTransport(http => http.Stateless = true)
    .AddAuthorizationFilters().WithTools<CrmTools>().AddToolCalls();
builder.Services.AddStrictJsonBodies(JsonNamingPolicy.SnakeCaseLower);
builder.Services.AddHttpContextAccessor().AddProblemDetails().AddSingleton<Crm>().AddSingleton<KeyDocuments>();

var app = builder.Build();
app.UseStatusCodePages();
app.UseApiKeyAuth();
app.UseToolCalls("/mcp");
app.MapKeys();
app.MapAgent();
app.MapPublicLeads();
signIn.Map(app, options => (options.TestRequestPath, options.TestRequestScheme) = ("/api/agent/leads", "Agent"));
app.MapMcp("/mcp").RequireAuthorization(policy => policy.AddAuthenticationSchemes("Mcp").RequireAuthenticatedUser());
app.MapProtectedResource("/mcp", resource => resource.Name = "AgentCrm");

// The lines to paste are printed after the framework's startup logs.
await app.StartAsync();
if (app.Environment.IsDevelopment())
{
    signIn.Print(app);
    Console.WriteLine("Paste these lines into another terminal; the tokens are valid until this process ends:\n");
    Console.WriteLine($"export CRM_JWT='{Token("user_demo", KeyEndpoints.Read, KeyEndpoints.Write)}'");
    Console.WriteLine($"export CRM_READONLY_JWT='{Token("user_reader", KeyEndpoints.Read)}'\n\nSee README.md for examples.\n");
}

await app.WaitForShutdownAsync();

string DataFolder() => Directory.CreateDirectory(Path.Combine(builder.Environment.ContentRootPath, "data")).FullName;

string Token(string user, params string[] permissions) =>
    tokens.Issue([new("sub", user), new(ApiKeyClaimTypes.TenantId, Crm.DemoCompany), .. permissions.Select(KeyEndpoints.ToClaim)]);
