using System.Security.Cryptography;
using System.Text;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using OpenIddict.Abstractions;
using Samples;
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
        if (!await DemoKeys.IsFirstStartAsync(keys, "data/twig.db"))
        {
            return;
        }

        await DemoKeys.PrintAsync(keys, new NewApiKey
        {
            Name = "TWIG_ADMIN_KEY",
            Kind = "organization",
            TenantId = Accounts.DemoOrganization,
            Scopes = ["admin"],
        });

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
        var imported = (await keys.ImportAsync(ApiKeyCaller.System, [new ImportedApiKey { Key = expired, Hash = hash }]))[0];
        Console.WriteLine(imported.Succeeded
            ? $"export TWIG_EXPIRED_KEY='{secret}'"
            : throw new InvalidOperationException(imported.Error.Message));
    }

    private static async Task AddClientAsync(IOpenIddictApplicationManager clients)
    {
        var client = OAuthSetup.PublicClient(ClientId, "Twig Demo App", RedirectUri);
        if (await clients.FindByClientIdAsync(ClientId) is { } known)
        {
            await clients.UpdateAsync(known, client);
        }
        else
        {
            await clients.CreateAsync(client);
        }
    }
}
