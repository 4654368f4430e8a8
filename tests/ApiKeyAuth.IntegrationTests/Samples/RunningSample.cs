using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.IntegrationTests.Processes;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.IntegrationTests.Samples;

/// <summary>A sample in a process of its own, on a port of its own, with its keys in a file of its own.</summary>
internal sealed partial class RunningSample : IAsyncDisposable
{
    private readonly string _name;
    private readonly string _home;
    private readonly RunningProcess _process;

    private RunningSample(string name, bool isRun, IReadOnlyDictionary<string, string?>? variables = null)
    {
        _name = name;
        _home = Directory.CreateTempSubdirectory("sample-").FullName;
        var folder = Repository.PathOf("samples", name);
        _process = isRun
            ? new RunningProcess(
                "dotnet",
                ["run", "--project", $"samples/{name}", "--no-build", "-c", Repository.Configuration, "--", "--urls", "http://127.0.0.1:0"],
                Repository.Root,
                Environment)
            : new RunningProcess(
                "dotnet",
                [Path.Combine(folder, "bin", Repository.Configuration, "net10.0", $"{name}.dll"), "--urls", "http://127.0.0.1:0"],
                folder,
                new Dictionary<string, string?>([.. Environment, .. variables ?? new Dictionary<string, string?>()])
                {
                    ["ASPNETCORE_ENVIRONMENT"] = variables?.GetValueOrDefault("ASPNETCORE_ENVIRONMENT") ?? "Development",
                });
    }

    /// <summary>Where it listens, without a slash at the end.</summary>
    public string Address { get; private set; } = "";

    /// <summary>What it printed as <c>export NAME='value'</c>.</summary>
    public IReadOnlyDictionary<string, string?> Exported { get; private set; } = new Dictionary<string, string?>();

    /// <summary>Gets the environment variables of the sample, for other commands that use the same keys.</summary>
    public IReadOnlyDictionary<string, string?> Environment => new Dictionary<string, string?>
    {
        ["HOME"] = _home,
        ["DOTNET_CLI_HOME"] = _home,
        ["ConnectionStrings__ApiKeys"] = ConnectionString,
        ["ConnectionStrings__OAuth"] = $"Data Source={Path.Combine(_home, "oauth.db")}",
        ["CONFIGURATION"] = Repository.Configuration,

        // A store that answers late is not what these tests are about, and the machine may be busy.
        ["ApiKeyAuth__Cache__StoreTimeout"] = "00:01:00",
    };

    /// <summary>Everything it wrote.</summary>
    public string Output => _process.Output;

    private string ConnectionString => $"Data Source={Path.Combine(_home, "keys.db")}";

    /// <summary>Starts a sample by the command of its README.</summary>
    public static Task<RunningSample> RunAsync(string name) => StartAsync(new RunningSample(name, isRun: true));

    /// <summary>Starts a sample as that command does in the end, without the time that the command itself takes.</summary>
    public static Task<RunningSample> StartAsync(string name, IReadOnlyDictionary<string, string?>? variables = null) =>
        StartAsync(new RunningSample(name, isRun: false, variables));

    /// <summary>Starts a sample as in production, where it prints no keys.</summary>
    public static Task<RunningSample> StartInProductionAsync(string name, IReadOnlyDictionary<string, string?>? variables = null)
    {
        var all = new Dictionary<string, string?>(variables ?? new Dictionary<string, string?>()) { ["ASPNETCORE_ENVIRONMENT"] = "Production" };
        return StartAsync(new RunningSample(name, isRun: false, all), "Application started.");
    }

    private static async Task<RunningSample> StartAsync(RunningSample sample, string last = "See README.md for examples.")
    {
        sample.Address = (await sample._process.WaitForAsync("Now listening on: ")).Trim();
        await sample._process.WaitForAsync(last);
        sample.Exported = Exports()
            .Matches(sample.Output)
            .ToDictionary(match => match.Groups[1].Value, match => (string?)match.Groups[2].Value);
        return sample;
    }

    /// <summary>Gives what it exported by a name.</summary>
    public string Export(string name) => Exported[name]!;

    /// <summary>
    /// Sends a request with headers such as <c>X-API-Key: …</c>, where one name given twice makes one line of two values, and a JSON body.
    /// </summary>
    public async Task<SampleAnswer> SendAsync(string method, string path, string? body, params string[] headers)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false };
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(new HttpMethod(method), Address + path);
        foreach (var parts in headers.Select(header => header.Split(": ", 2)))
        {
            request.Headers.TryAddWithoutValidation(parts[0], parts[1]);
        }

        request.Content = body is null ? null : new StringContent(body, mediaType: new("application/json"));
        using var response = await client.SendAsync(request);
        var lines = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated);
        return new SampleAnswer(
            response.StatusCode,
            await response.Content.ReadAsStringAsync(),
            lines.ToDictionary(line => line.Key, line => string.Join(", ", line.Value), StringComparer.OrdinalIgnoreCase));
    }

    public Task<SampleAnswer> GetAsync(string path, params string[] headers) => SendAsync("GET", path, null, headers);

    /// <summary>Manages the sample's keys like a job with the same database and settings.</summary>
    public async Task<T> ManageAsync<T>(Func<ApiKeyManager, Task<ApiKeyResult<T>>> act)
        where T : class
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = Repository.PathOf("samples", _name) });
        builder.Services
            .AddApiKeyAuth(builder.Configuration.GetSection("ApiKeyAuth"), options => options.Cache.StoreTimeout = TimeSpan.FromMinutes(1))
            .AddSqlite(ConnectionString);
        await using var app = builder.Build();
        await using var scope = app.Services.CreateAsyncScope();
        var result = await act(scope.ServiceProvider.GetRequiredService<ApiKeyManager>());
        Assert.That(result.Succeeded, result.Error?.Message);
        return result.Value!;
    }

    /// <summary>Makes a key as the app itself and gives it with its secret.</summary>
    public Task<IssuedApiKey> IssueAsync(NewApiKey key) => ManageAsync(keys => keys.CreateAsync(ApiKeyCaller.System, key));

    /// <summary>Imports an expired key and returns its secret.</summary>
    public async Task<string> IssueExpiredAsync(NewApiKey key)
    {
        // An expired key cannot be created, so a valid one is deleted and imported.
        var living = await IssueAsync(key);
        await ManageAsync(keys => keys.DeleteAsync(ApiKeyCaller.System, living.Key.Id));
        var ended = new ImportedApiKey
        {
            Key = key with { ExpiresAt = ApiKeyExpiry.Parse("2020-01-01", null) },
            Hash = Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(living.Secret))),
        };
        await ManageAsync(async keys => (await keys.ImportAsync(ApiKeyCaller.System, [ended]))[0]);
        return living.Secret;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_home, recursive: true);
    }

    [GeneratedRegex("^export ([A-Z_]+)='([^']+)'$", RegexOptions.Multiline)]
    private static partial Regex Exports();
}
