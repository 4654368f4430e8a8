using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ApiKeyAuth.Cli.CommandLine;

namespace ApiKeyAuth.Cli.Targets;

/// <summary>Manages the keys of a host by its management API.</summary>
internal sealed class HttpTarget : IKeyTarget
{
    private const string DefaultPrefix = "api-keys/";
    private readonly HttpClient _client;
    private readonly string _key;

    /// <summary>Initializes the target.</summary>
    /// <param name="url">The address of the host or of its management API; without a path, that is <c>/api-keys</c>.</param>
    /// <param name="key">The key of the caller.</param>
    public HttpTarget(Uri url, string key)
    {
        _key = key;
        Description = url.GetLeftPart(UriPartial.Path);

        // A redirect would send the key elsewhere.
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = url.AbsolutePath == "/"
                ? new Uri(url, DefaultPrefix)
                : new Uri(url.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/"),
            Timeout = TimeSpan.FromSeconds(30),
        };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public string Description { get; }

    public async IAsyncEnumerable<JsonObject> ListAsync(
        KeyListFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            var page = await SendAsync(
                HttpMethod.Get,
                "",
                null,
                cancellationToken,
                ("owner", filter.Owner),
                ("environment", filter.Environment),
                ("status", filter.Status),
                ("name", filter.Name),
                ("unusedDays", filter.UnusedDays is { } days ? $"{days}" : null),
                ("cursor", cursor));
            foreach (var key in page["keys"]?.AsArray() ?? [])
            {
                yield return key!.AsObject();
            }

            cursor = (string?)page["nextCursor"];
        }
        while (cursor is not null);
    }

    public Task<JsonObject> GetAsync(string id, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, Escape(id), null, cancellationToken);

    public Task<JsonObject> CreateAsync(JsonObject values, string? tenantId, CancellationToken cancellationToken) =>
        tenantId is null
            ? SendAsync(HttpMethod.Post, "", values, cancellationToken)
            : throw ToolException.Usage("--tenant needs --connection: a host takes the tenant from the caller's key. Remove it.");

    public Task<JsonObject> UpdateAsync(string id, JsonObject patch, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Patch, Escape(id), patch, cancellationToken);

    public Task<JsonObject> RotateAsync(string id, TimeSpan grace, bool discardCurrent, CancellationToken cancellationToken) =>
        SendAsync(
            HttpMethod.Post,
            $"{Escape(id)}/rotate",
            new JsonObject { ["graceSeconds"] = (int)grace.TotalSeconds, ["discardCurrent"] = discardCurrent },
            cancellationToken);

    public Task<JsonObject> CompleteRotationAsync(string id, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, $"{Escape(id)}/rotate/complete", null, cancellationToken);

    public Task<JsonObject> CancelRotationAsync(string id, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, $"{Escape(id)}/rotate/cancel", null, cancellationToken);

    public Task<JsonObject> RevokeAsync(string id, string? reason, bool cascade, CancellationToken cancellationToken) =>
        SendAsync(
            HttpMethod.Post,
            $"{Escape(id)}/revoke",
            new JsonObject { ["reason"] = reason, ["cascade"] = cascade },
            cancellationToken);

    public Task DeleteAsync(string id, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, Escape(id), null, cancellationToken);

    public Task<JsonObject> VerifyAsync(string secret, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, "verify", new JsonObject { ["key"] = secret }, cancellationToken);

    public Task<JsonObject> GetUsageAsync(string id, UsageFilter filter, CancellationToken cancellationToken) =>
        SendAsync(
            HttpMethod.Get,
            $"{Escape(id)}/usage",
            null,
            cancellationToken,
            ("from", filter.From),
            ("to", filter.To),
            ("by", filter.ByDay ? "day" : "hour"));

    public async Task<List<JsonObject>> ListAuditAsync(string? id, int limit, CancellationToken cancellationToken)
    {
        var path = id is null
            ? throw ToolException.Usage("A host lists the audit of one key. Pass its ID.")
            : $"{Escape(id)}/audit";
        var page = await SendAsync(HttpMethod.Get, path, null, cancellationToken, ("limit", $"{limit}"));
        return [.. (page["entries"]?.AsArray() ?? []).Select(entry => entry!.AsObject())];
    }

    public async Task<JsonObject> WhoAmIAsync(CancellationToken cancellationToken)
    {
        try
        {
            var self = await SendAsync(HttpMethod.Get, "self", null, cancellationToken);
            self["valid"] = true;
            return self;
        }
        catch (ToolException exception) when (exception.Status == (int)HttpStatusCode.NotFound)
        {
            // The app does not map the endpoint.
            return await VerifyAsync(_key, cancellationToken);
        }
    }

    /// <summary>Imports keys: all of them, or none if one is faulty.</summary>
    public async Task<JsonObject> ImportAsync(JsonArray keys, bool isDryRun, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(
                HttpMethod.Post, "import", new JsonObject { ["keys"] = keys, ["dryRun"] = isDryRun }, cancellationToken);
        }
        catch (ToolException exception) when (exception.Status is (int)HttpStatusCode.NotFound or (int)HttpStatusCode.MethodNotAllowed)
        {
            throw new ToolException("The host imports no keys. Call MapApiKeys().MapImport() in the app, or pass --connection.");
        }
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Escape(string id) => id is "" or "." or ".."
        ? throw ToolException.Usage("The ID of the key is not valid. Run 'apikeyauth keys list' for the IDs.")
        : Uri.EscapeDataString(id);

    private async Task<JsonObject> SendAsync(
        HttpMethod method,
        string path,
        JsonObject? body,
        CancellationToken cancellationToken,
        params (string Name, string? Value)[] query)
    {
        var parameters = query.Where(parameter => parameter.Value is not null)
            .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}").ToArray();

        // Without a trailing slash: the API is mapped without one.
        var address = new Uri(_client.BaseAddress!, path.Length == 0 ? "../" + _client.BaseAddress!.Segments[^1].TrimEnd('/') : path);
        using var request = new HttpRequestMessage(
            method, parameters.Length == 0 ? address : new Uri($"{address.AbsoluteUri}?{string.Join('&', parameters)}"));
        request.Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw CreateProblem(response, text);
        }

        return text.Length == 0 ? [] : Parse(text) ?? throw NotTheApi();
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await _client.SendAsync(request, cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ToolException($"{Description} did not answer within 30 seconds. Repeat the command when the host is available.")
            {
                Status = (int)HttpStatusCode.GatewayTimeout,
            };
        }
    }

    private ToolException CreateProblem(HttpResponseMessage response, string text)
    {
        var problem = Parse(text);
        var message = (string?)(problem?["detail"] as JsonValue) ?? (string?)(problem?["title"] as JsonValue);
        return message is null && response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Redirect
            ? NotTheApi()
            : TargetProblem.Create(
                (int)response.StatusCode,
                message ?? $"The host responded with {(int)response.StatusCode}",
                problem?["errors"] as JsonObject);
    }

    private static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private ToolException NotTheApi() =>
        new($"{Description} is not the management API. Pass its address by --url, such as https://example.com/api-keys.")
        {
            Status = (int)HttpStatusCode.NotFound,
        };
}
