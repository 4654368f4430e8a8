using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Errors;

/// <summary>What a request was charged, and for which endpoint if it had one yet.</summary>
internal sealed record RequestCharge(Endpoint? Endpoint, long Cost);
