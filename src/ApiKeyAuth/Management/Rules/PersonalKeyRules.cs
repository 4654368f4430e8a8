using ApiKeyAuth.Authentication;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Management.Rules;

/// <summary>What personal keys keep besides: they have an owner, who alone may hold a secret of theirs, and the app tells what he may do.</summary>
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
            problems.TryAdd("kind", "is personal, which this app does not support: it registers no IApiKeyOwnerPermissions to tell what users may do");
        }
        else if (key.OwnerId is null)
        {
            problems.TryAdd("ownerId", "is missing; a personal key belongs to a user");
        }
    }

    /// <summary>Finds why the caller may not hold a secret of a key: it would act as another user.</summary>
    public static ApiKeyProblem? FindOwnershipProblem(ApiKeyCaller caller, ApiKey key) =>
        key.Kind == ApiKeyKinds.Personal && caller != ApiKeyCaller.System && !caller.Owns(key)
            ? Problems.Forbidden("A personal key is made and rotated by the user it belongs to")
            : null;
}
