var builder = WebApplication.CreateBuilder(args);
#if (isConfiguration && !redis)
builder.AddApiKeyAuth();
#else
var keys = builder.AddApiKeyAuth();
if (builder.Environment.IsEnvironment("Testing"))
{
#if (isManaged)
    keys.AddInMemoryStore(); // The tests need no server and no file.
#endif
}
else
{
#if (isSqlite)
    keys.AddSqlite(ConnectionString("ApiKeys")).MigrateOnStartup();
#endif
#if (isPostgresql)
    keys.AddPostgreSql(ConnectionString("ApiKeys")).MigrateOnStartup();
#endif
#if (redis)
    keys.AddRedis(ConnectionString("Redis"));
#endif
}

#endif
#if (dashboard)
keys.AddDashboard();
DashboardSignIn.AddServices(builder.Services);
#endif
#if (openapi)
builder.Services.AddOpenApi(options => options.AddApiKeyAuth());
#endif

var app = builder.Build();
app.UseApiKeyAuth();
#if (openapi)
if (!app.Environment.IsProduction())
{
    app.MapOpenApi();
}
#endif

var orders = new List<string> { "order 1" };
app.MapGet("/orders", () => orders).RequireScope("orders:read");
app.MapPost("/orders/{name}", (string name) =>
{
    orders.Add(name);
    return Results.NoContent();
}).RequireScope("orders:write");
#if (isManaged)
app.MapApiKeys("/api-keys").RequireKeyScopes();
#if (dashboard)
if (app.Environment.IsDevelopment() || app.Environment.IsEnvironment("Testing"))
{
    DashboardSignIn.Map(app);
}
#endif

await app.StartAsync();
if (app.Environment.IsDevelopment())
{
    await FirstKey.PrintAsync(app.Services);
#if (dashboard)
    var link = app.Services.GetRequiredService<DashboardSignIn>().Link;
    Console.WriteLine($"\nOpen the dashboard once with this link:\n{app.Urls.First()}{link}\n");
#endif
}

await app.WaitForShutdownAsync();
#else

app.Run();
#endif
#if (isManaged || redis)

string ConnectionString(string name) =>
    builder.Configuration.GetConnectionString(name)
    ?? throw new InvalidOperationException($"Set ConnectionStrings:{name}, for example in the user secrets.");
#endif
