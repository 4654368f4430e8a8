using ApiKeyAuth.Http;
using ApiKeyAuth.Usage;

namespace ApiKeyAuth.Dashboard.Charts;

/// <summary>Groups the outcomes of requests as the charts show them.</summary>
internal static class OutcomeGroup
{
    public const string Ok = "ok";
    public const string Limited = "limited";
    public const string Client = "client";
    public const string Server = "server";

    /// <summary>Gets the groups in the order in which they are stacked, from the bottom.</summary>
    public static IReadOnlyList<string> All { get; } = [Ok, Client, Limited, Server];

    public static string Of(string outcome) => outcome switch
    {
        ApiKeyUsageOutcomes.Success => Ok,
        ApiKeyUsageOutcomes.ServerError => Server,
        ApiKeyErrorCodes.RateLimitExceeded => Limited,
        _ => Client,
    };

    /// <summary>Adds up the requests of each group.</summary>
    public static long[] Sum(IEnumerable<KeyValuePair<string, long>> outcomes)
    {
        var sums = new long[All.Count];
        foreach (var (outcome, count) in outcomes)
        {
            sums[All.Index().First(group => group.Item == Of(outcome)).Index] += count;
        }

        return sums;
    }
}
