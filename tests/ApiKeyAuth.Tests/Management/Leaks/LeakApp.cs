using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;

namespace ApiKeyAuth.Tests.Management;

/// <summary>Represents an app that accepts signed reports of leaked keys, and the reporter that signs them.</summary>
internal sealed class LeakApp(ManagedApp keys, ECDsa signer) : IAsyncDisposable
{
    public const string KeyId = "90a421169f0a406205f1563a953312f0be898d3c7b6c06b681aa86a874555f4a";
    public const string IdentifierHeader = "Github-Public-Key-Identifier";
    public const string SignatureHeader = "Github-Public-Key-Signature";
    public const string Url = "https://github.com/octocat/Hello-World/blob/1234/hunter2.txt";

    public ManagedApp Keys { get; } = keys;

    public TestApp App => Keys.App;

    public static async Task<LeakApp> StartAsync(
        Action<ApiKeyAuthOptions>? options = null, bool hasAlerts = true, Action<ApiKeyAuthBuilder>? keys = null)
    {
        var signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var app = await ManagedApp.StartAsync(
            all =>
            {
                all.LeakReports.PublicKeys[KeyId] = signer.ExportSubjectPublicKeyInfoPem();
                options?.Invoke(all);
            },
            keys: keys,
            endpoints: web => web.MapApiKeyLeakReports("/leaks"),
            alerts: alerts => alerts.Enabled = hasAlerts);
        return new LeakApp(app, signer);
    }

    /// <summary>Formats a report of one secret.</summary>
    public static string Report(string secret, string source = "commit", string url = Url) =>
        "[" + JsonSerializer.Serialize(new { token = secret, type = "acme_key", url, source }) + "]";

    /// <summary>Formats the response for one secret.</summary>
    public static string Label(string secret, bool isKey) =>
        $$"""{"token_hash":"{{Hash(secret)}}","token_type":"acme_key","label":"{{(isKey ? "true" : "false")}}_positive"}""";

    public string Sign(string body) => Convert.ToBase64String(
        signer.SignData(Encoding.UTF8.GetBytes(body), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    /// <summary>Sends a signed report.</summary>
    public Task<ManagedApp.Answer> ReportAsync(string body) => SendAsync(body, (IdentifierHeader, KeyId), (SignatureHeader, Sign(body)));

    public async Task<ManagedApp.Answer> SendAsync(string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/leaks")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        foreach (var (name, value) in headers)
        {
            Assert.That(request.Headers.TryAddWithoutValidation(name, value));
        }

        using var response = await App.Client.SendAsync(request);
        var all = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new ManagedApp.Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(), all);
    }

    /// <summary>Issues a key with the scope <c>a:read</c> of an environment.</summary>
    public Task<string> IssueAsync(string environment = "test", Func<ApiKey, ApiKey>? with = null) =>
        App.IssueAsync(key => (with ?? (same => same))(key with { Scopes = TestApp.Scopes("a:read") }), environment);

    public async Task<ApiKey> GetAsync(string id = "key1") => (await Keys.Store.Inner.GetAsync(id, CancellationToken.None))!;

    /// <summary>Gets the only audit entry of a key that came from a report.</summary>
    public async Task<ApiKeyAuditEntry> GetAuditEntryAsync(string id = "key1") =>
        (await Keys.Store.Inner.ListAuditAsync(new ApiKeyAuditFilter { AllTenants = true, KeyId = id, Limit = 10 }, default))
            .Single(entry => entry.Actor.StartsWith("leak-report:", StringComparison.Ordinal));

    public ValueTask DisposeAsync()
    {
        signer.Dispose();
        return Keys.DisposeAsync();
    }

    private static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
