using ApiKeyAuth.Authorization;
using ApiKeyAuth.Management;

namespace AiGateway;

/// <summary>Makes the demo tokens at the first start, and shows each this once: the database holds hashes only.</summary>
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
            // A failed listing is not an empty one.
            throw new InvalidOperationException(first.Problem.Message);
        }

        if (first.Value.Keys.Count > 0)
        {
            Console.WriteLine("\nThe tokens of the first start still work. To have new ones printed, delete the database (data/aigateway.db). See README.md for what to try.\n");
            return;
        }

        Console.WriteLine("\nPaste these lines into another terminal; they are shown this once:\n");
        await IssueAsync(keys, Token("GATEWAY_TOKEN", Gateways.Demo));
        await IssueAsync(keys, Token("OTHER_GATEWAY_TOKEN", OtherGateway));
        await IssueAsync(keys, new NewApiKey { Name = "GATEWAY_ADMIN_KEY", TenantId = User, Scopes = ["tokens"] });
        Console.WriteLine("\nSee README.md for what to try.\n");
    }

    private static NewApiKey Token(string name, string gateway) =>
        new() { Name = name, TenantId = User, OwnerId = gateway, Audiences = [gateway], Scopes = ["chat"] };

    private static async Task IssueAsync(ApiKeyManager keys, NewApiKey request)
    {
        var issued = await keys.CreateAsync(ApiKeyCaller.System, request);
        Console.WriteLine(issued.Succeeded ? $"export {request.Name}='{issued.Value.Secret}'" : throw new InvalidOperationException(issued.Problem.Message));
    }
}
