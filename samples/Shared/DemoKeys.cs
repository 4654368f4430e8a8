using ApiKeyAuth.Authorization;
using ApiKeyAuth.Management;

namespace Samples;

/// <summary>Creates the keys of a demo at its first start and prints them once, because the database contains only their hashes.</summary>
internal static class DemoKeys
{
    /// <summary>Creates and prints keys, each as the environment variable of its name.</summary>
    public static async Task PrintAsync(IServiceProvider services, string database, params NewApiKey[] demoKeys)
    {
        await using var scope = services.CreateAsyncScope();
        var keys = scope.ServiceProvider.GetRequiredService<ApiKeyManager>();
        if (await IsFirstStartAsync(keys, database))
        {
            Console.WriteLine("\nPaste these lines into another terminal; they are shown only once:\n");
            foreach (var key in demoKeys)
            {
                await PrintAsync(keys, key);
            }
        }

        Console.WriteLine("\nSee README.md for examples.\n");
    }

    /// <summary>Determines whether the database is empty. If it contains keys, it prints how to get new ones.</summary>
    public static async Task<bool> IsFirstStartAsync(ApiKeyManager keys, string database)
    {
        if (await keys.ListAllAsync(ApiKeyCaller.System).FirstOrDefaultAsync() is not { } first)
        {
            return true;
        }

        Console.WriteLine(first.Succeeded
            ? $"\nThe keys of the first start still work. To get new ones, delete the database ({database})."
            : throw new InvalidOperationException(first.Error.Message));
        return false;
    }

    /// <summary>Creates and prints a key as the environment variable of its name.</summary>
    public static async Task PrintAsync(ApiKeyManager keys, NewApiKey key)
    {
        var issued = await keys.CreateAsync(ApiKeyCaller.System, key);
        Console.WriteLine(issued.Succeeded
            ? $"export {key.Name}='{issued.Value.Secret}'"
            : throw new InvalidOperationException(issued.Error.Message));
    }
}
