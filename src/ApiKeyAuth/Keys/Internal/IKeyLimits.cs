namespace ApiKeyAuth.Keys.Internal;

/// <summary>Represents the limits of a key and its tenant, as the rate limiter resolved them.</summary>
/// <remarks>A verified key stores them, but keys do not depend on the rate limiter.</remarks>
internal interface IKeyLimits;
