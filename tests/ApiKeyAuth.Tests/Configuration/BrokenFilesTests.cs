using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.Startup;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace ApiKeyAuth.Tests.Configuration;

/// <summary>Tests that the keys of one file stay in effect while another file cannot be read, and no longer.</summary>
[NonParallelizable]
public sealed class BrokenFilesTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("apikeyauth").FullName;
    private readonly string _secret = new ApiKeyFormat().Generate("test");
    private int _changes;

    private string Keys => $$$"""{"ApiKeyAuth":{"Keys":[{"Id":"k","Hash":"{{{new ApiKeyHasher([]).Hash(_secret).Format()}}}"}]}}""";

    [TearDown]
    public void Clear()
    {
        foreach (var file in Directory.GetFiles(_folder))
        {
            File.Delete(file);
        }
    }

    [OneTimeTearDown]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [TestCase("{}")]
    [TestCase("""{"Other":{"A":"2"}}""")]
    [TestCase(null)]
    public async Task Reload_KeyRemovedAfterAnotherFileWasFixed_RejectsTheKey(string? fixedText)
    {
        await RunAsync(async (status, broken) =>
        {
            await BreakAsync("b.json", broken);
            await ChangeAsync("b.json", fixedText);
            Assert.That(await status(), Is.EqualTo(200));
            await ChangeAsync("a.json", """{"ApiKeyAuth":{"Keys":[]}}""");
            await UntilAsync(status, 401);
        });
    }

    [TestCase("{}")]
    [TestCase(null)]
    public async Task Reload_KeyRemovedWhileAnotherFileIsBroken_KeepsTheKeyUntilTheFileIsFixed(string? fixedText)
    {
        await RunAsync(async (status, broken) =>
        {
            await BreakAsync("b.json", broken);
            await ChangeAsync("a.json", """{"ApiKeyAuth":{"Keys":[]}}""");
            Assert.That(await status(), Is.EqualTo(200));
            await ChangeAsync("b.json", fixedText);
            await UntilAsync(status, 401);
        });
    }

    // The framework then reports a reload that loaded nothing.
    [TestCase("a.json")]
    [TestCase("b.json")]
    public async Task Reload_BrokenFileThatTheAppIgnores_KeepsTheKeyUntilTheFileIsFixed(string file)
    {
        await RunAsync(
            async (status, broken) =>
            {
                var changes = _changes;
                await BreakAsync(file, broken);
                await Eventually.IsTrueAsync(() => _changes > changes);
                Assert.That(await status(), Is.EqualTo(200));
                await ChangeAsync(file == "a.json" ? "b.json" : "a.json", "{}");
                Assert.That(await status(), Is.EqualTo(200));
                await ChangeAsync(file, "{}");
                await UntilAsync(status, 401);
            },
            ignore: true);
    }

    [Test]
    public async Task Reload_BrokenFileOfAChainedConfiguration_KeepsTheKey()
    {
        await RunAsync(
            async (status, broken) =>
            {
                await BreakAsync("a.json", broken);
                await ChangeAsync("b.json", "{}");
                Assert.That(await status(), Is.EqualTo(200));
                await ChangeAsync("a.json", "{}");
                await UntilAsync(status, 401);
            },
            isChained: true);
    }

    private async Task RunAsync(Func<Func<Task<int>>, Func<bool>, Task> test, bool ignore = false, bool isChained = false)
    {
        _changes = 0;
        await WriteAsync("a.json", Keys);
        await WriteAsync("b.json", """{"Other":{"A":"1"}}""");
        var builder = StartUp.CreateBuilder("Production", out var logs);
        var inner = new ConfigurationBuilder();
        foreach (var file in new[] { "a.json", "b.json" })
        {
            (isChained ? inner : (IConfigurationBuilder)builder.Configuration).AddJsonFile(source =>
            {
                (source.Path, source.Optional, source.ReloadOnChange) = (Path.Combine(_folder, file), true, true);
                source.OnLoadException = ignore ? context => context.Ignore = true : null;
                source.ResolveFileProvider();
            });
        }

        builder.Configuration.AddConfiguration(inner.Build());
        builder.Services.AddApiKeyAuth(builder.Configuration.GetSection("ApiKeyAuth"));
        await using var app = builder.Build();
        app.UseApiKeyAuth();
        app.MapGet("/", () => "in").RequireAuthorization();
        await app.StartAsync();
        using var subscription = ChangeToken.OnChange(
            ((IConfiguration)builder.Configuration).GetReloadToken, () => Interlocked.Increment(ref _changes));
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        client.DefaultRequestHeaders.Add("X-API-Key", _secret);
        async Task<int> StatusAsync()
        {
            using var response = await client.GetAsync("/");
            return (int)response.StatusCode;
        }

        Assert.That(await StatusAsync(), Is.EqualTo(200));
        await test(StatusAsync, () => logs.Entries.Any(entry => entry.EventId == 23));
        await app.StopAsync();
    }

    private async Task BreakAsync(string file, Func<bool> broken)
    {
        await WriteAsync(file, "{ broken");
        await Eventually.IsTrueAsync(broken);
    }

    /// <summary>Replaces or deletes a file, and waits for the reload.</summary>
    private async Task ChangeAsync(string file, string? text)
    {
        var before = _changes;
        if (text is null)
        {
            File.Delete(Path.Combine(_folder, file));
        }
        else
        {
            await WriteAsync(file, text);
        }

        await Eventually.IsTrueAsync(() => _changes > before);
    }

    /// <summary>Moves a complete file into place, so that it changes only once.</summary>
    private async Task WriteAsync(string file, string text)
    {
        var written = Path.GetTempFileName();
        await File.WriteAllTextAsync(written, text);
        File.Move(written, Path.Combine(_folder, file), overwrite: true);
    }

    private static async Task UntilAsync(Func<Task<int>> status, int expected)
    {
        for (var left = 200; await status() != expected; left--)
        {
            Assert.That(left, Is.Positive, $"the status was never {expected}");
            await Task.Delay(50);
        }
    }
}
