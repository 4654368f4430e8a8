using ApiKeyAuth.Authentication.Tickets;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Alerts.Rules;

/// <summary>Detects the use of test keys on live hosts.</summary>
internal sealed class TestKeyDetector(ApiKeyAlertOptions options, KeyActivity keyActivity)
{
    private readonly bool _isEnabled = options.Enabled && options.LiveHosts.Count > 0;
    private readonly IList<Microsoft.Extensions.Primitives.StringSegment> _hosts = [.. options.LiveHosts];
    private readonly string[] _environments = options.TestEnvironments.Count == 0 ? ["test"] : [.. options.TestEnvironments];

    public void Detect(HttpContext context, RequestKeys keys)
    {
        if (_isEnabled && HostString.MatchesAny(context.Request.Host.Host, _hosts))
        {
            foreach (var verified in keys.AsEnumerable())
            {
                if (verified.Key.Environment is { } environment && _environments.Contains(environment))
                {
                    keyActivity.RecordTestKeyOnLiveHost(verified.Key.Id);
                }
            }
        }
    }
}
