using System.Security.Claims;
using System.Text.Json;
using ApiKeyAuth.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Samples;
using TwinExpert;

var builder = WebApplication.CreateBuilder(args);
var tokens = new DevelopmentTokens("twinexpert-development");
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
        // Each user is a tenant and creates keys with any scope of the app.
        options.Management.TenantIdSelector = user => user.FindFirst("sub")?.Value;
        options.Management.ManagesOthers = _ => true;
        options.Management.MayGrant = (_, scope) => KeyEndpoints.Scopes.Contains(scope);
    })
    .AddBearerForwarding(JwtBearerDefaults.AuthenticationScheme)
    .AddSqlite(builder.Configuration.GetConnectionString("ApiKeys") ?? $"Data Source={DataFolder()}/twinexpert.db").MigrateOnStartup();
builder.Services.AddStrictJsonBodies(JsonNamingPolicy.CamelCase);
builder.Services.AddProblemDetails();
builder.Services.AddSingleton<Conversations>();

var app = builder.Build();
app.UseStatusCodePages();
app.UseApiKeyAuth();

var api = app.MapGroup("/api/v1");
api.MapKeys();

var keysOnly = api.MapGroup("")
    .RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = ApiKeyDefaults.AuthenticationScheme });
keysOnly.MapTwins();
keysOnly.MapConversations();

// The line to paste is printed after the framework's startup logs.
await app.StartAsync();
if (app.Environment.IsDevelopment())
{
    Console.WriteLine("\nPaste this line into another terminal; the token is valid until this process ends:\n");
    Console.WriteLine($"export TWIN_JWT='{tokens.Issue(new Claim("sub", "user_demo"))}'\n\nSee README.md for examples.\n");
}

await app.WaitForShutdownAsync();

string DataFolder() => Directory.CreateDirectory(Path.Combine(builder.Environment.ContentRootPath, "data")).FullName;
