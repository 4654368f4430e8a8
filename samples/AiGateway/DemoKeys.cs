using ApiKeyAuth.Authorization;
using ApiKeyAuth.Management;

namespace AiGateway;

/// <summary>Creates the demo tokens at the first start and prints them once, because the database contains only their hashes.</summary>
internal static class DemoKeys
{
    private const string User = "user-123456";
    private const string OtherGateway = "user-123456-other-gateway";

    public static async Task PrintAsync(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        var keys = scope.ServiceProvider.GetRequiredService<ApiKeyManager>();
        var first = await keys.ListAsync(ApiKeyCaller.System, new ApiKeyListRequest { Limit = 1 });
        if (!first.Succeeded)
        {
            // A failed list is not an empty list.
            throw new InvalidOperationException(first.Error.Message);
        }

        if (first.Value.Keys.Count > 0)
        {
            Console.WriteLine("\nThe tokens of the first start still work. To get new ones, delete the database (data/aigateway.db).");
            Console.WriteLine("See README.md for examples.\n");
            return;
        }

        Console.WriteLine("\nPaste these lines into another terminal; they are shown only once:\n");
        await IssueAsync(keys, Token("GATEWAY_TOKEN", Gateways.Demo));
        await IssueAsync(keys, Token("OTHER_GATEWAY_TOKEN", OtherGateway));
        await IssueAsync(keys, new NewApiKey { Name = "GATEWAY_ADMIN_KEY", TenantId = User, Scopes = ["tokens"] });
        Console.WriteLine("\nSee README.md for examples.\n");
    }

    private static NewApiKey Token(string name, string gateway) =>
        new() { Name = name, TenantId = User, OwnerId = gateway, Audiences = [gateway], Scopes = ["chat"] };

    private static async Task IssueAsync(ApiKeyManager keys, NewApiKey request)
    {
        var issued = await keys.CreateAsync(ApiKeyCaller.System, request);
        Console.WriteLine(issued.Succeeded
            ? $"export {request.Name}='{issued.Value.Secret}'"
            : throw new InvalidOperationException(issued.Error.Message));
    }
}
