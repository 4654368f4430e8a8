using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Authentication.Credentials;

/// <summary>
/// Stores the results of <see cref="ApiKeyEvents.OnMessageReceived"/> for a request, so that the event runs once for each scheme.
/// </summary>
internal sealed class ReceivedCredentials
{
    private readonly List<ReceivedCredential> _results = [];

    /// <summary>Returns the result for a scheme, or null if the event did not run.</summary>
    public static ReceivedCredential? Find(HttpContext context, ApiKeySchemeOptions options) =>
        context.Features.Get<ReceivedCredentials>()?._results.Find(result => ReferenceEquals(result.Options, options));

    /// <summary>Runs the event of a scheme, unless the app does not handle it or it already ran.</summary>
    public static async ValueTask ReceiveAsync(HttpContext context, string schemeName)
    {
        var options = context.RequestServices.GetRequiredService<IOptionsMonitor<ApiKeySchemeOptions>>().Get(schemeName);
        var schemes = context.RequestServices.GetRequiredService<IAuthenticationSchemeProvider>();
        if (options.HasMessageReceived && await schemes.GetSchemeAsync(schemeName) is { } scheme)
        {
            var events = options.EventsType is { } type ? (ApiKeyEvents)context.RequestServices.GetRequiredService(type) : options.Events;
            await ReceiveAsync(context, scheme, options, events);
        }
    }

    /// <summary>Runs the event of a scheme, unless it already ran.</summary>
    public static async Task ReceiveAsync(
        HttpContext context, AuthenticationScheme scheme, ApiKeySchemeOptions options, ApiKeyEvents events)
    {
        if (Find(context, options) is not null)
        {
            return;
        }

        var received = new ApiKeyMessageReceivedContext(context, scheme, options);
        await events.MessageReceived(received);
        var secret = string.IsNullOrWhiteSpace(received.Secret) ? null : received.Secret;
        if (context.Features.Get<ReceivedCredentials>() is not { } all)
        {
            all = new ReceivedCredentials();
            context.Features.Set(all);
        }

        all._results.Add(new ReceivedCredential(options, secret, received.IsIgnored));
    }
}
