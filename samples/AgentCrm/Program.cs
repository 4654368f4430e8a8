using System.Text.Json;
using AgentCrm;

var builder = WebApplication.CreateBuilder(args);
var tokens = new DevelopmentTokens();
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
        // Who may change the settings manages all keys of his company, with any scope there is.
        options.Management.ManagesOthers = _ => true;
        options.Management.MayGrant = (user, _) => user.HasClaim(KeyEndpoints.Permissions, KeyEndpoints.Write);
    })
    .AddSqlite(builder.Configuration.GetConnectionString("ApiKeys") ?? $"Data Source={DataFolder()}/agentcrm.db", migrate: true);
builder.Services.AddHttpContextAccessor();
builder.Services.AddMcpServer().WithHttpTransport(http => http.Stateless = true).AddAuthorizationFilters().WithTools<CrmTools>()
    .WithRequestFilters(filters => filters.AddCallToolFilter(ScopeUse.Record));
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
builder.Services.AddProblemDetails();
builder.Services.AddSingleton<Crm>();
builder.Services.AddSingleton<KeyDocuments>();

var app = builder.Build();
app.UseStatusCodePages();
app.UseApiKeyAuth();

app.MapKeys();
app.MapAgent();
app.MapPublicLeads();
app.MapMcp("/mcp").RequireAuthorization(policy => policy.AddAuthenticationSchemes("Mcp").RequireAuthenticatedUser());

// What to paste is printed last, below what the framework logs while it starts.
await app.StartAsync();
if (app.Environment.IsDevelopment())
{
    Console.WriteLine("\nPaste these lines into another terminal; the tokens are good until this process ends:\n");
    Console.WriteLine($"export CRM_JWT='{tokens.Issue("user_demo", KeyEndpoints.Read, KeyEndpoints.Write)}'");
    Console.WriteLine($"export CRM_READONLY_JWT='{tokens.Issue("user_reader", KeyEndpoints.Read)}'\n\nSee README.md for what to try.\n");
}

await app.WaitForShutdownAsync();

string DataFolder() => Directory.CreateDirectory(Path.Combine(builder.Environment.ContentRootPath, "data")).FullName;
