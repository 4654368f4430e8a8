using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;
using ApiKeyAuth.Cli.Targets;

namespace ApiKeyAuth.Cli.Scanning;

/// <summary>Sends signed reports to an app that maps <c>MapApiKeyLeakReports()</c>, in the format of GitHub's partner program.</summary>
internal sealed class LeakReportClient : IDisposable
{
    // A body of the app may have 1 MiB, and a key 512 characters.
    private const int MaxReports = 500;
    private const string Type = "api_key";
    private const string TruePositive = "true_positive";

    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(30) };
    private readonly Uri _url;
    private readonly string _keyId;
    private readonly ECDsa _key;

    private LeakReportClient(Uri url, string keyId, ECDsa key) => (_url, _keyId, _key) = (url, keyId, key);

    /// <summary>Reads the private key, and checks the address, before anything is scanned.</summary>
    public static LeakReportClient Create(ToolConsole console, string url, string? keyFile, string? keyId)
    {
        if (keyFile is null || keyId is null)
        {
            throw ToolException.Usage(
                "A report must be signed. Pass --report-key with a private key (ECDSA P-256, PEM), and --report-key-id with its "
                + "identifier.");
        }

        var address = TargetOptions.ParseUrl(url);
        var path = console.GetPath(keyFile);
        if (!File.Exists(path))
        {
            throw new ToolException($"The file {keyFile} does not exist. Pass the private key by --report-key.");
        }

        PrivateFile.ThrowIfShared(path);
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
            return new LeakReportClient(address, keyId, key);
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new ToolException($"The file {keyFile} holds no private key of ECDSA in PEM. Pass another file by --report-key.");
        }
    }

    /// <summary>Reports secrets.</summary>
    /// <returns>How many of them are keys of the app.</returns>
    public async Task<int> ReportAsync(IReadOnlyCollection<KeyValuePair<string, string>> secrets, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var chunk in secrets.Chunk(MaxReports))
        {
            var reports = new JsonArray(
            [
                .. chunk.Select(secret => new JsonObject { ["token"] = secret.Key, ["type"] = Type, ["source"] = secret.Value }),
            ]);
            count += await SendAsync(JsonSerializer.SerializeToUtf8Bytes(reports), cancellationToken);
        }

        return count;
    }

    public void Dispose()
    {
        _key.Dispose();
        _client.Dispose();
    }

    private async Task<int> SendAsync(byte[] body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("Github-Public-Key-Identifier", _keyId);
        request.Headers.TryAddWithoutValidation(
            "Github-Public-Key-Signature",
            Convert.ToBase64String(_key.SignData(body, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)));
        using var response = await _client.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw response.StatusCode == System.Net.HttpStatusCode.Forbidden
                ? new ToolException(
                    "The app rejected the report. Add the public key and its identifier to LeakReports:PublicKeys of the app.")
                : TargetProblem.Create((int)response.StatusCode, $"The app responded to the report with {(int)response.StatusCode}");
        }

        return JsonNode.Parse(text) is JsonArray labels
            ? labels.Count(label => (string?)label?["label"] == TruePositive)
            : throw new ToolException($"{_url.GetLeftPart(UriPartial.Path)} does not take reports of leaked keys. Correct --report.");
    }
}
