using ApiKeyAuth.Authentication.Tickets;
using ApiKeyAuth.Usage.Counting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ApiKeyAuth.Alerts.Rules;

/// <summary>Detects the use of test keys on live hosts.</summary>
internal sealed class TestKeyDetector
{
    private readonly KeyActivity _keyActivity;
    private readonly IList<StringSegment> _hosts;
    private readonly string[] _environments;

    public TestKeyDetector(ApiKeyAlertOptions options, KeyActivity keyActivity, UsageRecorder recorder)
    {
        _keyActivity = keyActivity;
        _hosts = [.. options.LiveHosts];
        _environments = options.TestEnvironments.Count == 0 ? ["test"] : [.. options.TestEnvironments];
        if (options.Enabled && _hosts.Count > 0)
        {
            recorder.Counted += Detect;
        }
    }

    private void Detect(HttpContext context, RequestKeys keys)
    {
        if (HostString.MatchesAny(context.Request.Host.Host, _hosts))
        {
            foreach (var verified in keys.AsEnumerable())
            {
                if (verified.Key.Environment is { } environment && _environments.Contains(environment))
                {
                    _keyActivity.RecordTestKeyOnLiveHost(verified.Key.Id);
                }
            }
        }
    }
}
