using ApiKeyAuth.Authorization;
using ApiKeyAuth.Management;

/// <summary>Creates the first key, which can create all others.</summary>
internal static class FirstKey
{
    /// <summary>Creates a key with all scopes if there is none, and prints it. The store contains only its hash.</summary>
    public static async Task PrintAsync(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        var manager = scope.ServiceProvider.GetRequiredService<ApiKeyManager>();
        if (await manager.ListAllAsync(ApiKeyCaller.System).FirstOrDefaultAsync() is null)
        {
            var created = await manager.CreateAsync(
                ApiKeyCaller.System, new NewApiKey { Name = "First key", Environment = "test", Scopes = ["*"] });
            Console.WriteLine(
                created.Succeeded ? $"\nYour first key, which is shown once:\n{created.Value.Secret}\n" : created.Error.Message);
        }
    }
}
