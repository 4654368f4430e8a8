using ApiKeyAuth.Authentication;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Management.Rules;

/// <summary>
/// Checks personal keys: they have an owner, only the owner may hold their secrets, and the app must provide the owner's permissions.
/// </summary>
internal sealed class PersonalKeyRules(IServiceProviderIsService services)
{
    private readonly bool _isSupported = services.IsService(typeof(IApiKeyOwnerPermissions));

    public void Check(ApiKey key, Dictionary<string, string> problems)
    {
        if (key.Kind != ApiKeyKinds.Personal)
        {
            return;
        }

        if (!_isSupported)
        {
            problems.TryAdd("kind", "must not be personal: this app does not support personal keys; register an IApiKeyOwnerPermissions");
        }
        else if (key.OwnerId is null)
        {
            problems.TryAdd("ownerId", "is required for a personal key, which belongs to a user");
        }
    }

    /// <summary>Returns a problem if the caller may not hold a secret of a key, because the caller would act as another user.</summary>
    public static ApiKeyError? FindOwnershipProblem(ApiKeyCaller caller, ApiKey key) =>
        key.Kind == ApiKeyKinds.Personal && caller != ApiKeyCaller.System && !caller.Owns(key)
            ? Problems.Forbidden("A personal key can only be created and rotated by the user it belongs to")
            : null;
}
