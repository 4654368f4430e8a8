using System.Security.Cryptography;
using System.Text;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using OpenIddict.Abstractions;
using Twig.OAuth;

namespace Twig;

/// <summary>Creates and prints the demo keys at the first start, a user with a new password at every start, and an OAuth client.</summary>
internal static class DemoCredentials
{
    private const string ClientId = "twig-demo-app";
    private const string RedirectUri = "http://127.0.0.1:5099/callback";
    private static readonly Account User =
        new("user_demo", "demo@twig.example", Accounts.DemoOrganization, ["chat", "agents:read", "agents:write", "data:read"]);

    public static async Task PrintAsync(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        var password = RandomNumberGenerator.GetHexString(16, lowercase: true);
        scope.ServiceProvider.GetRequiredService<Accounts>().Add(User, password);
        await AddClientAsync(scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>());

        Console.WriteLine("\nPaste these lines into another terminal:\n");
        await PrintKeysAsync(scope.ServiceProvider);
        Console.WriteLine($"export TWIG_USER='{User.Email}'");
        Console.WriteLine($"export TWIG_PASSWORD='{password}'");
        Console.WriteLine($"export TWIG_CLIENT_ID='{ClientId}'");
        Console.WriteLine($"export TWIG_REDIRECT_URI='{RedirectUri}'\n\nSee README.md for examples.\n");
    }

    private static async Task PrintKeysAsync(IServiceProvider services)
    {
        var keys = services.GetRequiredService<ApiKeyManager>();
        var first = await keys.ListAsync(ApiKeyCaller.System, new ApiKeyListRequest { Limit = 1 });
        if (!first.Succeeded)
        {
            // A failed list is not an empty list.
            throw new InvalidOperationException(first.Problem.Message);
        }

        if (first.Value.Keys.Count > 0)
        {
            Console.WriteLine("(The keys of the first start still work. To get new ones, delete the database data/twig.db.)");
            return;
        }

        var admin = await keys.CreateAsync(ApiKeyCaller.System, new NewApiKey
        {
            Name = "TWIG_ADMIN_KEY",
            Kind = "organization",
            TenantId = Accounts.DemoOrganization,
            Scopes = ["admin"],
        });
        PrintKey("TWIG_ADMIN_KEY", admin.Succeeded ? admin.Value.Secret : null, admin.Problem);

        // An expired key cannot be created, so this one is imported.
        var secret = services.GetRequiredService<ApiKeyFormats>().Issuing.Generate("live");
        var expired = new NewApiKey
        {
            Name = "TWIG_EXPIRED_KEY",
            TenantId = Accounts.DemoOrganization,
            Scopes = ["chat"],
            ExpiresAt = ApiKeyExpiry.Parse("2024-12-31", null),
        };
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(secret)));
        var imported = (await keys.ImportAsync(ApiKeyCaller.System, [new ImportedApiKey { Key = expired, Sha256 = hash }]))[0];
        PrintKey("TWIG_EXPIRED_KEY", imported.Succeeded ? secret : null, imported.Problem);
    }

    private static void PrintKey(string name, string? secret, ApiKeyProblem? problem) =>
        Console.WriteLine(secret is not null ? $"export {name}='{secret}'" : throw new InvalidOperationException(problem?.Message));

    private static async Task AddClientAsync(IOpenIddictApplicationManager clients)
    {
        if (await clients.FindByClientIdAsync(ClientId) is null)
        {
            await clients.CreateAsync(OAuthSetup.PublicClient(ClientId, "Twig Demo App", RedirectUri));
        }
    }
}
