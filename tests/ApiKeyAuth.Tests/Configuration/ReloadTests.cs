using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.Startup;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Tests.Configuration;

/// <summary>Tests that a file edited while the app runs changes the keys and no other setting.</summary>
[NonParallelizable]
public sealed class ReloadTests
{
    private readonly KeyReads _reads = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("apikeyauth").FullName;
    private readonly string _secret = new ApiKeyFormat().Generate("test");

    private string File => Path.Combine(_folder, "appsettings.json");

    [TearDown]
    public void Delete()
    {
        _reads.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task Reload_EditedFile_ChangesKeysOnly()
    {
        var hash = new ApiKeyHasher([]).Hash(_secret).Format();
        var other = new ApiKeyHasher([]).Hash("another secret").Format();
        await WriteAsync($$$"""
            {
              "Scopes": ["a"], "RateLimiting": { "Default": "9/hour" }, "Schemes": { "Main": { "Headers": "X-Main" } },
              "Keys": [{ "Id": "one", "Hash": "{{{hash}}}", "Scopes": ["a"] }]
            }
            """);
        var builder = StartUp.CreateBuilder("Production", out var logs);
        builder.Logging.AddProvider(_reads);
        var broken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        builder.Configuration.AddJsonFile(source =>
        {
            (source.Path, source.ReloadOnChange, source.OnLoadException) = (File, true, _ => broken.TrySetResult());
            source.ResolveFileProvider();
        });
        var otherSource = new OtherSource();
        ((IConfigurationBuilder)builder.Configuration).Add(otherSource);
        builder.Services.AddApiKeyAuth(builder.Configuration.GetSection("ApiKeyAuth"));
        await using var app = builder.Build();
        app.UseApiKeyAuth();
        app.MapGet("/", () => "in").RequireScope("a");
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        var options = app.Services.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value;
        Assert.That(await CallAsync(client, "X-Main"), Is.EqualTo((200, "9")));

        (string Settings, string Message)[] edits =
        [
            (
                $$$"""
                {
                  "Scopes": ["b"], "RateLimiting": { "Default": "1/hour" }, "Schemes": { "Other": { "Headers": "X-Other" } },
                  "Keys": [{ "Id": "one", "Hash": "{{{hash}}}", "Scopes": ["a"] }, { "Id": "two", "Hash": "{{{other}}}" }]
                }
                """,
                "2 keys were read"),
            (
                """
                {
                  "Scopes": [{ "Nam": "hunter2" }], "RateLimiting": { "Default": "hunter2" }, "Cache": "hunter2",
                  "Schemes": { "Main": { "Headers": "hunter2 " } }, "Keys": "hunter2"
                }
                """,
                "Keys is a single value"),
            (
                """{ "Keys": [{ "Id": "one", "Hash": "hunter2" }], "RateLimiting": { "Default": ["hunter2"] } }""",
                "Keys:0:Hash is not a hash"),
        ];
        foreach (var (edit, message) in edits)
        {
            await EditAsync(edit, message);
            Assert.That(await CallAsync(client, "X-Main"), Is.EqualTo((200, "9")), edit);
            Assert.That((await CallAsync(client, "X-Other")).Status, Is.EqualTo(401));
            Assert.That(app.Services.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value, Is.SameAs(options));
        }

        await WriteAsync("""{"Keys":[""");
        await broken.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That(await CallAsync(client, "X-Main"), Is.EqualTo((200, "9")), "after a file with invalid JSON");
        otherSource.Change();
        Assert.That(await CallAsync(client, "X-Main"), Is.EqualTo((200, "9")), "after a change of another source");
        Assert.That(logs.Of(23).Select(entry => entry.Message).Distinct(), Is.EqualTo(new[]
        {
            "The configuration file appsettings.json was changed and cannot be read, so the previous 2 configured keys stay in effect. "
            + "Fix the file; it is read again when it changes.",
        }));

        await EditAsync("""{"Keys":[]}""", "0 keys were read");
        Assert.That((await CallAsync(client, "X-Main")).Status, Is.EqualTo(401));
        await EditAsync($$$"""{"Keys":[{"Id":"one","Hash":"{{{hash}}}"}]}""", "1 keys were read");
        Assert.That((await CallAsync(client, "X-Main")).Status, Is.EqualTo(403));
        await app.StopAsync();
        Assert.That(logs.Entries.Where(entry => entry.Text.Contains("hunter2", StringComparison.Ordinal)), Is.Empty);
    }

    /// <summary>Moves a complete file into place, so that it changes only once.</summary>
    private async Task WriteAsync(string settings)
    {
        var written = Path.GetTempFileName();
        await System.IO.File.WriteAllTextAsync(written, $$$"""{"ApiKeyAuth":{{{settings}}}}""");
        System.IO.File.Move(written, File, overwrite: true);
    }

    /// <summary>Writes the file and waits until the app has read or rejected its keys.</summary>
    private async Task EditAsync(string settings, string message)
    {
        var read = _reads.Next(message);
        await WriteAsync(settings);
        await read.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private async Task<(int Status, string? Limit)> CallAsync(HttpClient client, string header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add(header, _secret);
        using var response = await client.SendAsync(request);
        return ((int)response.StatusCode, response.Headers.TryGetValues("X-RateLimit-Limit", out var limits) ? limits.Single() : null);
    }

    /// <summary>Represents another configuration source, which the test changes.</summary>
    private sealed class OtherSource : ConfigurationProvider, IConfigurationSource
    {
        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public void Change() => OnReload();
    }

    /// <summary>Waits for the log event of keys that were read from the configuration (20) or rejected (21).</summary>
    private sealed class KeyReads : ILoggerProvider, ILogger
    {
        private (string Message, TaskCompletionSource Logged) _next = ("", new TaskCompletionSource());

        public Task Next(string message)
        {
            _next = (message, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            return _next.Logged.Task;
        }

        public ILogger CreateLogger(string categoryName) => this;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var (message, logged) = _next;
            if (eventId.Id is 20 or 21 && formatter(state, exception).Contains(message, StringComparison.Ordinal))
            {
                logged.TrySetResult();
            }
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Dispose()
        {
        }
    }
}
