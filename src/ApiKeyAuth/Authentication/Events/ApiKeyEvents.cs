namespace ApiKeyAuth.Authentication;

/// <summary>What an app does at the turns of an authentication; derive from it or set the delegates.</summary>
public class ApiKeyEvents
{
    private static readonly Func<ApiKeyValidatedContext, Task> NotValidated = _ => Task.CompletedTask;
    private static readonly Func<ApiKeyFailedContext, Task> NotFailed = _ => Task.CompletedTask;
    private static readonly Func<ApiKeyChallengeContext, Task> NotChallenge = _ => Task.CompletedTask;

    /// <summary>Runs after a key was verified and before its principal is accepted.</summary>
    public Func<ApiKeyValidatedContext, Task> OnValidated { get; set; } = NotValidated;

    /// <summary>Runs after a key was refused.</summary>
    public Func<ApiKeyFailedContext, Task> OnAuthenticationFailed { get; set; } = NotFailed;

    /// <summary>Runs before a request is answered with 400, 401, 403 or 503 for want of a valid key.</summary>
    public Func<ApiKeyChallengeContext, Task> OnChallenge { get; set; } = NotChallenge;

    /// <summary>Runs before a request with a valid key is answered with 403.</summary>
    public Func<ApiKeyForbiddenContext, Task> OnForbidden { get; set; } = _ => Task.CompletedTask;

    /// <summary>Whether nobody wants to hear of valid keys, so that no context is made for each.</summary>
    internal bool IgnoresValidated => ReferenceEquals(OnValidated, NotValidated) && GetType() == typeof(ApiKeyEvents);

    /// <summary>The same of refused ones.</summary>
    internal bool IgnoresFailed => ReferenceEquals(OnAuthenticationFailed, NotFailed) && GetType() == typeof(ApiKeyEvents);

    /// <summary>The same of challenges.</summary>
    internal bool IgnoresChallenge => ReferenceEquals(OnChallenge, NotChallenge) && GetType() == typeof(ApiKeyEvents);

    /// <inheritdoc cref="OnValidated"/>
    public virtual Task Validated(ApiKeyValidatedContext context) => OnValidated(context);

    /// <inheritdoc cref="OnAuthenticationFailed"/>
    public virtual Task AuthenticationFailed(ApiKeyFailedContext context) => OnAuthenticationFailed(context);

    /// <inheritdoc cref="OnChallenge"/>
    public virtual Task Challenge(ApiKeyChallengeContext context) => OnChallenge(context);

    /// <inheritdoc cref="OnForbidden"/>
    public virtual Task Forbidden(ApiKeyForbiddenContext context) => OnForbidden(context);
}
