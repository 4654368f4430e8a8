using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Usage;

/// <summary>Uses that were taken out of the count and have neither their network's text nor its country yet.</summary>
internal readonly record struct FrozenUse(ApiKeyUse Use, UsageNetwork Network);
