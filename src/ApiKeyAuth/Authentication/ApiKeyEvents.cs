namespace ApiKeyAuth.Authentication;

/// <summary>What an app does at the turns of an authentication; derive from it or set the delegates.</summary>
public class ApiKeyEvents
{
    private static readonly Func<ApiKeyValidatedContext, Task> DefaultOnValidated = _ => Task.CompletedTask;
    private static readonly Func<ApiKeyAuthenticationFailedContext, Task> DefaultOnAuthenticationFailed = _ => Task.CompletedTask;
    private static readonly Func<ApiKeyChallengeContext, Task> DefaultOnChallenge = _ => Task.CompletedTask;

    /// <summary>Runs after a key was verified and before its principal is accepted.</summary>
    public Func<ApiKeyValidatedContext, Task> OnValidated { get; set; } = DefaultOnValidated;

    /// <summary>Runs after a key was refused.</summary>
    public Func<ApiKeyAuthenticationFailedContext, Task> OnAuthenticationFailed { get; set; } = DefaultOnAuthenticationFailed;

    /// <summary>Runs before a request is answered with 400, 401, 403 or 503 for want of a valid key.</summary>
    public Func<ApiKeyChallengeContext, Task> OnChallenge { get; set; } = DefaultOnChallenge;

    /// <summary>Runs before a request with a valid key is answered with 403.</summary>
    public Func<ApiKeyForbiddenContext, Task> OnForbidden { get; set; } = _ => Task.CompletedTask;

    /// <summary>Whether nobody wants to hear of valid keys, so that no context is made for each.</summary>
    internal bool IgnoresValidated => ReferenceEquals(OnValidated, DefaultOnValidated) && GetType() == typeof(ApiKeyEvents);

    /// <summary>The same of refused ones.</summary>
    internal bool IgnoresFailed => ReferenceEquals(OnAuthenticationFailed, DefaultOnAuthenticationFailed) && GetType() == typeof(ApiKeyEvents);

    /// <summary>The same of challenges.</summary>
    internal bool IgnoresChallenge => ReferenceEquals(OnChallenge, DefaultOnChallenge) && GetType() == typeof(ApiKeyEvents);

    /// <inheritdoc cref="OnValidated"/>
    public virtual Task Validated(ApiKeyValidatedContext context) => OnValidated(context);

    /// <inheritdoc cref="OnAuthenticationFailed"/>
    public virtual Task AuthenticationFailed(ApiKeyAuthenticationFailedContext context) => OnAuthenticationFailed(context);

    /// <inheritdoc cref="OnChallenge"/>
    public virtual Task Challenge(ApiKeyChallengeContext context) => OnChallenge(context);

    /// <inheritdoc cref="OnForbidden"/>
    public virtual Task Forbidden(ApiKeyForbiddenContext context) => OnForbidden(context);
}
