using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace ApiKeyAuth.Authentication;

/// <summary>
/// Provides the events that an app can handle during authentication. Set the delegates, or override the methods in a derived class.
/// </summary>
public class ApiKeyEvents
{
    private static readonly ConcurrentDictionary<Type, bool> MessageReceivedOverrides = new();
    private static readonly Func<ApiKeyMessageReceivedContext, Task> DefaultOnMessageReceived = _ => Task.CompletedTask;
    private static readonly Func<ApiKeyValidatedContext, Task> DefaultOnValidated = _ => Task.CompletedTask;
    private static readonly Func<ApiKeyAuthenticationFailedContext, Task> DefaultOnAuthenticationFailed = _ => Task.CompletedTask;
    private static readonly Func<ApiKeyChallengeContext, Task> DefaultOnChallenge = _ => Task.CompletedTask;

    /// <summary>
    /// Gets or sets the delegate that runs before a scheme reads a request. The delegate can read the key from another source.
    /// </summary>
    public Func<ApiKeyMessageReceivedContext, Task> OnMessageReceived { get; set; } = DefaultOnMessageReceived;

    /// <summary>Gets or sets the delegate that runs after a key was verified and before its principal is accepted.</summary>
    public Func<ApiKeyValidatedContext, Task> OnValidated { get; set; } = DefaultOnValidated;

    /// <summary>Gets or sets the delegate that runs after a key was rejected.</summary>
    public Func<ApiKeyAuthenticationFailedContext, Task> OnAuthenticationFailed { get; set; } = DefaultOnAuthenticationFailed;

    /// <summary>Gets or sets the delegate that runs before a request without a valid key is rejected with 400, 401, 403 or 503.</summary>
    public Func<ApiKeyChallengeContext, Task> OnChallenge { get; set; } = DefaultOnChallenge;

    /// <summary>Gets or sets the delegate that runs before a request with a valid key is rejected with 403.</summary>
    public Func<ApiKeyForbiddenContext, Task> OnForbidden { get; set; } = _ => Task.CompletedTask;

    /// <summary>Gets a value indicating whether the app handles received requests.</summary>
    internal bool HandlesMessageReceived =>
        !ReferenceEquals(OnMessageReceived, DefaultOnMessageReceived) || OverridesMessageReceived(GetType());

    /// <summary>Gets a value indicating whether the app does not handle valid keys, so that no context is created for them.</summary>
    internal bool IgnoresValidated => ReferenceEquals(OnValidated, DefaultOnValidated) && GetType() == typeof(ApiKeyEvents);

    /// <summary>Gets a value indicating whether the app does not handle rejected keys, so that no context is created for them.</summary>
    internal bool IgnoresFailed =>
        ReferenceEquals(OnAuthenticationFailed, DefaultOnAuthenticationFailed) && GetType() == typeof(ApiKeyEvents);

    /// <summary>Gets a value indicating whether the app does not handle challenges, so that no context is created for them.</summary>
    internal bool IgnoresChallenge => ReferenceEquals(OnChallenge, DefaultOnChallenge) && GetType() == typeof(ApiKeyEvents);

    /// <summary>Runs before a scheme reads a request. The method can read the key from another source.</summary>
    /// <param name="context">The context of the request.</param>
    public virtual Task MessageReceived(ApiKeyMessageReceivedContext context) => OnMessageReceived(context);

    /// <summary>Runs after a key was verified and before its principal is accepted.</summary>
    /// <param name="context">The context, which contains the key and its principal.</param>
    public virtual Task Validated(ApiKeyValidatedContext context) => OnValidated(context);

    /// <summary>Runs after a key was rejected.</summary>
    /// <param name="context">The context, which contains the error.</param>
    public virtual Task AuthenticationFailed(ApiKeyAuthenticationFailedContext context) => OnAuthenticationFailed(context);

    /// <summary>Runs before a request without a valid key is rejected with 400, 401, 403 or 503.</summary>
    /// <param name="context">The context, which contains the error and lets the app write the response.</param>
    public virtual Task Challenge(ApiKeyChallengeContext context) => OnChallenge(context);

    /// <summary>Runs before a request with a valid key is rejected with 403.</summary>
    /// <param name="context">The context, which contains the error and lets the app write the response.</param>
    public virtual Task Forbidden(ApiKeyForbiddenContext context) => OnForbidden(context);

    /// <summary>Determines whether a class derived from <see cref="ApiKeyEvents"/> overrides <see cref="MessageReceived"/>.</summary>
    internal static bool OverridesMessageReceived(Type type) =>
        type != typeof(ApiKeyEvents) && MessageReceivedOverrides.GetOrAdd(type, FindOverride);

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "A method that trimming hides counts as overridden.")]
    private static bool FindOverride(Type type) =>
        type.GetMethod(nameof(MessageReceived), [typeof(ApiKeyMessageReceivedContext)])?.DeclaringType != typeof(ApiKeyEvents);
}
