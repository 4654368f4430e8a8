using ApiKeyAuth.IntegrationTests.Stores;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace ApiKeyAuth.IntegrationTests.Apps;

/// <summary>Represents the Quickstart with its own database, as in a test of an app.</summary>
internal sealed class QuickstartFactory : WebApplicationFactory<Program>
{
    private readonly SqliteFile _file = new();

    protected override void ConfigureWebHost(IWebHostBuilder builder) =>
        builder.UseEnvironment("Production").UseSetting("ConnectionStrings:ApiKeys", _file.ConnectionString);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _file.Dispose();
    }
}
