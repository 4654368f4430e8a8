using System.Globalization;
using System.Text.Json;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;

namespace Twig;

/// <summary>
/// Rotates each key whose secret would be older than 90 days at the next run, and prints each new key once, as a line of JSON.
/// </summary>
internal static class KeyRotation
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(90);
    private static readonly TimeSpan Grace = TimeSpan.FromDays(7);

    public static async Task<int> RunAsync(IServiceProvider services, string[] args)
    {
        if (ReadNextRun(args) is not { } nextRun)
        {
            await Console.Error.WriteLineAsync(
                "Usage: rotate-keys [--next-run <date>], such as --next-run 2027-01-01. The default is the first day of the next quarter.");
            return 2;
        }

        await using var scope = services.CreateAsyncScope();
        var keys = scope.ServiceProvider.GetRequiredService<ApiKeyManager>();
        var failures = 0;
        await foreach (var listed in keys.ListAllAsync(ApiKeyCaller.System, new ApiKeyListRequest { Status = ApiKeyStatus.Active }))
        {
            if (!listed.Succeeded)
            {
                await Console.Error.WriteLineAsync(listed.Error.Message);
                return 1;
            }

            if (listed.Value.Secrets.All(secret => secret.CreatedAt + MaxAge < nextRun) && !await RotateAsync(keys, listed.Value))
            {
                failures++;
            }
        }

        return failures == 0 ? 0 : 1;
    }

    private static async Task<bool> RotateAsync(ApiKeyManager keys, ApiKey key)
    {
        var rotated = await keys.RotateAsync(ApiKeyCaller.System, key.Id, new ApiKeyRotation { Grace = Grace }, key.Version);
        if (!rotated.Succeeded)
        {
            await Console.Error.WriteLineAsync($"{key.Id}: {rotated.Error.Message}");
            return false;
        }

        var oldKeyEndsAt = rotated.Value.Key.Secrets.Max(secret => secret.ExpiresAt);
        Console.WriteLine(JsonSerializer.Serialize(new { id = key.Id, name = key.Name, key = rotated.Value.Secret, oldKeyEndsAt }));
        return true;
    }

    // The documented cron job runs on the first day of each quarter.
    private static DateTimeOffset? ReadNextRun(string[] args)
    {
        var now = TimeProvider.System.GetUtcNow();
        return args switch
        {
            [] => new DateTimeOffset(now.Year, ((now.Month - 1) / 3 * 3) + 1, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(3),
            ["--next-run", var text]
                when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) =>
                new DateTimeOffset(date, TimeOnly.MinValue, TimeSpan.Zero),
            _ => null,
        };
    }
}
