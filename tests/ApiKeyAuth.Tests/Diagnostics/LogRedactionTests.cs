// The tests log as apps do, not by the delegates of LoggerMessage.
#pragma warning disable CA1848, CA1873, CA2254
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Formats;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Tests.Diagnostics;

public sealed class LogRedactionTests
{
    private static readonly string Key = new ApiKeyFormat { Prefix = "acme" }.Generate("live");
    private static readonly string External = "sk-" + new string('x', 48);
    private readonly EntryProvider _provider = new();
    private ServiceProvider _services = null!;
    private ILogger _log = null!;

    [SetUp]
    public void Create() => (_services, _log) = Create(services => services.AddApiKeyAuth(options =>
    {
        options.Format = new ApiKeyFormat { Prefix = "acme" };
        options.AcceptedFormats.Add(new ExternalApiKeyFormat { Prefix = "sk-", Alphabet = ApiKeyAlphabet.Base62, Length = 48 });
    }).AddInMemoryStore());

    [TearDown]
    public void Dispose()
    {
        _services.Dispose();
        _provider.Dispose();
    }

    [Test]
    public void Log_KeyInAValue_IsMaskedInMessageAndValue()
    {
        _log.LogWarning("Call of {Key} by {Count} with {Other}.", Key, 3, External);
        var entry = _provider.Entries.Single();
        Assert.That(entry.Text, Is.EqualTo("Call of acme_live_*** by 3 with sk-***."));
        Assert.That(entry.Values, Is.EqualTo(new KeyValuePair<string, object?>[]
        {
            new("Key", "acme_live_***"), new("Count", 3), new("Other", "sk-***"),
            new("{OriginalFormat}", "Call of {Key} by {Count} with {Other}."),
        }));
        Assert.That((entry.Level, entry.Id.Id), Is.EqualTo((LogLevel.Warning, 0)));
    }

    [Test]
    public void Log_KeyInTheTemplate_IsMasked()
    {
        _log.Log(LogLevel.Error, new EventId(7, "name"), $"Key {Key}");
        var entry = _provider.Entries.Single();
        Assert.That(entry.Text, Is.EqualTo("Key acme_live_***"));
        Assert.That(entry.Values.Single().Value, Is.EqualTo("Key acme_live_***"));
        Assert.That((entry.Level, entry.Id), Is.EqualTo((LogLevel.Error, new EventId(7, "name"))));
    }

    [Test]
    public void Log_KeyInObjectsAndLists_IsMasked()
    {
        var address = new Uri("https://host/path?api_key=" + Key);
        _log.LogInformation("{Address} {Headers} {Plain}", address, new[] { "a", $"Bearer {Key}", null }, new Uri("https://host/"));
        var entry = _provider.Entries.Single();
        Assert.That(entry.Text, Does.Not.Contain(Key).And.Contain("acme_live_***"));
        Assert.That(entry.Values[0].Value, Is.EqualTo("https://host/path?api_key=acme_live_***"));
        Assert.That(entry.Values[1].Value, Is.EqualTo(new[] { "a", "Bearer acme_live_***", null }));
        Assert.That(entry.Values[2].Value, Is.TypeOf<Uri>());
    }

    [Test]
    public void Log_KeyInTheException_IsMasked()
    {
        var inner = new InvalidOperationException("inner " + External);
        _log.LogError(new FormatException("Bad key " + Key, inner), "Failed.");
        var entry = _provider.Entries.Single();
        Assert.That(entry.Text, Is.EqualTo("Failed."));
        Assert.That(entry.Exception!.Message, Is.EqualTo("Bad key acme_live_***"));
        Assert.That(
            entry.Exception.ToString(), Does.StartWith("System.FormatException: Bad key acme_live_***").And.Contain("inner sk-***"));
        Assert.That($"{entry.Exception} {entry.Exception.InnerException} {entry.Exception.Data.Count}", Does.Not.Contain(External));
    }

    [Test]
    public void BeginScope_KeyInIt_IsMasked()
    {
        using (_log.BeginScope("Request {Key}", Key))
        using (_log.BeginScope(new Dictionary<string, object> { ["path"] = "/" + External }))
        using (_log.BeginScope("clean"))
        {
            _log.LogInformation("x");
        }

        _log.LogInformation("y");
        Assert.That(_provider.Entries[0].Scopes, Is.EqualTo(new[] { "Request acme_live_***", "path=/sk-***", "clean" }));
        Assert.That(_provider.Entries[1].Scopes, Is.Empty);
    }

    [Test]
    public void Log_NoKey_PassesTheEntryOn()
    {
        var exception = new FormatException("clean");
        var state = new object();
        _log.Log(LogLevel.Information, default, state, exception, static (_, thrown) => thrown!.Message);
        var entry = _provider.Entries.Single();
        Assert.That(entry.State, Is.SameAs(state));
        Assert.That(entry.Exception, Is.SameAs(exception));
        Assert.That(entry.Text, Is.EqualTo("clean"));
    }

    [Test]
    public void Log_LevelThatIsFiltered_IsNeitherFormattedNorWritten()
    {
        _log.Log<object?>(LogLevel.Trace, default, null, null, static (_, _) => throw new InvalidOperationException("formatted"));
        Assert.That(_provider.Entries, Is.Empty);
        Assert.That(_log.IsEnabled(LogLevel.Trace), Is.False);
        Assert.That(_log.IsEnabled(LogLevel.Information));
    }

    [Test]
    public void AddApiKeyRedaction_WithoutApiKeys_MasksTheDefaultFormat()
    {
        var (services, log) = Create(_ => { });
        using (services)
        {
            log.LogInformation("{Key}", new ApiKeyFormat().Generate("test"));
            Assert.That(_provider.Entries.Single().Text, Is.EqualTo("key_test_***"));
        }
    }

    // The options of the app need a logger, which needs the options.
    [Test]
    public void Log_WhileTheOptionsAreCreatedOrInvalid_MasksTheDefaultFormat()
    {
        var key = new ApiKeyFormat().Generate("live");
        var (services, log) = Create(all => all.AddApiKeyAuth(_ => { }).Services.AddOptions<ApiKeyAuthOptions>().Configure<ILoggerFactory>(
            (options, loggers) =>
            {
                loggers.CreateLogger("setup").LogInformation("setup {Key}", key);
                options.Cache.MaxKnownKeys = 0;
            }));
        using (services)
        {
            log.LogInformation("first {Key}", key);
            Assert.That(
                () => services.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value, Throws.InstanceOf<OptionsValidationException>());
            log.LogInformation("last {Key}", key);
        }

        Assert.That(_provider.Entries.Select(entry => entry.Text).Distinct(), Is.EquivalentTo(new[]
        {
            "setup key_live_***", "first key_live_***", "last key_live_***",
        }));
    }

    [Test]
    public void AddApiKeyRedaction_Twice_WrapsOnce()
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddApiKeyRedaction().AddApiKeyRedaction());
        Assert.That(services.Count(descriptor => descriptor.ServiceType == typeof(ILoggerFactory)), Is.EqualTo(2), "one has a key");
    }

    private (ServiceProvider Services, ILogger Log) Create(Action<IServiceCollection> add)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Information).AddProvider(_provider).AddApiKeyRedaction());
        add(services);
        var provider = services.BuildServiceProvider();
        _provider.Entries.Clear();
        return (provider, provider.GetRequiredService<ILogger<LogRedactionTests>>());
    }

    private sealed record Entry(
        LogLevel Level, EventId Id, object? State, Exception? Exception, string Text, string[] Scopes,
        IReadOnlyList<KeyValuePair<string, object?>> Values);

    private sealed class EntryProvider : ILoggerProvider, ISupportExternalScope, ILogger
    {
        private IExternalScopeProvider _scopes = null!;

        public List<Entry> Entries { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var scopes = new List<string>();
            _scopes.ForEachScope(
                static (scope, list) => list.Add(scope is IReadOnlyList<KeyValuePair<string, object?>> { Count: 1 } values
                    && values[0].Key == "path" ? $"path={values[0].Value}" : $"{scope}"),
                scopes);
            Entries.Add(new Entry(
                logLevel, eventId, state, exception, formatter(state, exception), [.. scopes],
                state as IReadOnlyList<KeyValuePair<string, object?>> ?? []));
        }

        public void Dispose()
        {
        }
    }
}
