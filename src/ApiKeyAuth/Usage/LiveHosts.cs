using ApiKeyAuth.Authentication;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Usage;

/// <summary>Notices test keys on live hosts.</summary>
internal sealed class LiveHosts(ApiKeyAlertOptions options, SeenKeys seen)
{
    private readonly bool _isOn = options.Enabled && options.LiveHosts.Count > 0;
    private readonly IList<Microsoft.Extensions.Primitives.StringSegment> _hosts = [.. options.LiveHosts];
    private readonly string[] _environments = options.TestEnvironments.Count == 0 ? ["test"] : [.. options.TestEnvironments];

    public void Note(HttpContext context, KeysOfRequest keys)
    {
        if (_isOn && HostString.MatchesAny(context.Request.Host.Host, _hosts))
        {
            foreach (var verified in keys.All())
            {
                if (verified.Key.Environment is { } environment && _environments.Contains(environment))
                {
                    seen.NoteOnLiveHost(verified.Key.Id);
                }
            }
        }
    }
}
