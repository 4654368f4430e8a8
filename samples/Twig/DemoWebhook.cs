using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Twig;

/// <summary>
/// Receives the alerts of the demo as another app would: it verifies the signature (Standard Webhooks) and prints the message.
/// </summary>
internal static class DemoWebhook
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>Starts the receiver, and adds it to the webhooks of the app, which raises alerts sooner than by default.</summary>
    public static async Task<WebApplication> StartAsync(ConfigurationManager configuration)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var secret = RandomNumberGenerator.GetBytes(32);
        app.MapPost("/alerts", context => ReceiveAsync(context, secret));
        await app.StartAsync();

        configuration["ApiKeyAuth:Alerts:Interval"] = "5s";
        var webhook = configuration.GetSection("ApiKeyAuth:Alerts:Webhooks:demo");
        webhook["Url"] = $"{app.Urls.First()}/alerts";
        webhook["Secrets:0"] = $"whsec_{Convert.ToBase64String(secret)}";
        webhook["UnsafeAllowHttp"] = "true";
        webhook["UnsafeAllowNetworks:0"] = "127.0.0.1/32";
        return app;
    }

    private static async Task ReceiveAsync(HttpContext context, byte[] secret)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        if (!IsSigned(context.Request.Headers, body, secret))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        // A delivery may be repeated with the same webhook-id, which a real receiver stores.
        using var alert = JsonDocument.Parse(body);
        Console.WriteLine(
            $"Webhook {alert.RootElement.GetProperty("type")}: {alert.RootElement.GetProperty("data").GetProperty("message")}");
    }

    private static bool IsSigned(IHeaderDictionary headers, string body, byte[] secret)
    {
        var (id, timestamp) = ($"{headers["webhook-id"]}", $"{headers["webhook-timestamp"]}");
        var expected = HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}"));
        var isRecent = long.TryParse(timestamp, out var seconds)
            && (TimeProvider.System.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() < Tolerance;
        return isRecent && $"{headers["webhook-signature"]}".Split(' ').Any(signature =>
            signature.StartsWith("v1,", StringComparison.Ordinal)
            && CryptographicOperations.FixedTimeEquals(
                Encoding.ASCII.GetBytes(signature[3..]), Encoding.ASCII.GetBytes(Convert.ToBase64String(expected))));
    }
}
