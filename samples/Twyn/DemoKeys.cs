using ApiKeyAuth.Authorization;
using ApiKeyAuth.Management;

namespace Twyn;

/// <summary>Creates the demo keys at the first start and prints them once, because the database contains only their hashes.</summary>
internal static class DemoKeys
{
    /// <summary>The tenant of the demo simulations.</summary>
    public const string FirstTenant = "tenant_acme";

    private const string OtherTenant = "tenant_globex";

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
            Console.WriteLine("\nThe keys of the first start still work. To get new ones, delete the database (data/twyn.db).");
            Console.WriteLine("See README.md for examples.\n");
            return;
        }

        Console.WriteLine("\nPaste these lines into another terminal; they are shown only once:\n");
        await IssueAsync(keys, "TWYN_API_KEY", FirstTenant, "live");
        await IssueAsync(keys, "TWYN_TEST_KEY", FirstTenant, "test");
        await IssueAsync(keys, "TWYN_OTHER_TENANT_KEY", OtherTenant, "live");
        Console.WriteLine("\nSee README.md for examples.\n");
    }

    private static async Task IssueAsync(ApiKeyManager keys, string variable, string tenant, string environment)
    {
        var request = new NewApiKey { Name = variable, Environment = environment, TenantId = tenant };
        var issued = await keys.CreateAsync(ApiKeyCaller.System, request);
        Console.WriteLine(issued.Succeeded
            ? $"export {variable}='{issued.Value.Secret}'"
            : throw new InvalidOperationException(issued.Error.Message));
    }
}
