using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Errors;

/// <summary>What of a request was refused so far; the outermost middleware turns it into the answer.</summary>
internal sealed class RefusalFeature
{
    /// <summary>What the request is refused with, once something decided so.</summary>
    public ApiKeyRefusal? Refusal { get; private set; }

    /// <summary>Whether a key was offered and refused on this request, whatever became of the request.</summary>
    public bool KeyRefused { get; set; }

    /// <summary>The refusal that was written as the answer, before any was folded into another.</summary>
    public ApiKeyRefusal? Written { get; set; }

    /// <summary>The keys that were refused though their secret was known, each with the code.</summary>
    public List<(VerifiedApiKey Key, string Code)> RefusedKeys { get; } = [];

    /// <summary>What the request is refused with if the scheme that was asked in place of keys lets nobody in either.</summary>
    public ApiKeyRefusal? Elsewhere { get; set; }

    /// <summary>What the request was charged, and for which endpoint if it had one yet; noted only where it may pass several limiters or refused requests are charged too.</summary>
    public (Endpoint? Endpoint, long Cost)? Charged { get; set; }

    /// <summary>The scopes that the endpoint's requirement missed.</summary>
    public IReadOnlyList<string> MissingScopes { get; set; } = [];

    public static RefusalFeature Of(HttpContext context)
    {
        var feature = context.Features.Get<RefusalFeature>();
        if (feature is null)
        {
            feature = new RefusalFeature();
            context.Features.Set(feature);
        }

        return feature;
    }

    /// <summary>Refuses the request; where several schemes do, the one that tells the caller most stands.</summary>
    public void Refuse(ApiKeyRefusal refusal)
    {
        if (Refusal is null || Weight(refusal) > Weight(Refusal))
        {
            Refusal = refusal;
        }
    }

    /// <summary>Refuses with 429 in place of what stood.</summary>
    public void Replace(ApiKeyRefusal refusal) => Refusal = refusal;

    private static int Weight(ApiKeyRefusal refusal) => refusal.Code switch
    {
        ApiKeyErrorCodes.MissingApiKey => 0,
        ApiKeyErrorCodes.InvalidApiKey => 1,
        ApiKeyErrorCodes.ExpiredApiKey => 2,
        ApiKeyErrorCodes.Forbidden => 3,
        ApiKeyErrorCodes.InsufficientScope or ApiKeyErrorCodes.IpNotAllowed or ApiKeyErrorCodes.WrongAudience => 4,
        ApiKeyErrorCodes.InvalidRequest => 5,
        _ => 6,
    };
}
