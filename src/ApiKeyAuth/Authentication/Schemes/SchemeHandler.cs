using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Authentication.Schemes;

/// <summary>
/// Provides a base class for handlers of key schemes, in place of the framework's <see cref="AuthenticationHandler{TOptions}"/>. It finds
/// the options and events, forwards, and authenticates a request once.
/// </summary>
/// <remarks>
/// The framework's class creates a logger, a URL and several tasks for each request. This allocates 240 bytes, and takes one eighth of the
/// time of the fastest authenticated request.
/// </remarks>
internal abstract class SchemeHandler(IOptionsMonitor<ApiKeySchemeOptions> options) : IAuthenticationHandler
{
    private Task<AuthenticateResult>? _authenticateTask;

    protected AuthenticationScheme Scheme { get; private set; } = null!;

    protected HttpContext Context { get; private set; } = null!;

    protected ApiKeySchemeOptions Options { get; private set; } = null!;

    protected ApiKeyEvents Events { get; private set; } = null!;

    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
    {
        Scheme = scheme;
        Context = context;
        Options = options.Get(scheme.Name);
        Events = Options.EventsType is { } type ? (ApiKeyEvents)context.RequestServices.GetRequiredService(type) : Options.Events;
        return Task.CompletedTask;
    }

    public Task<AuthenticateResult> AuthenticateAsync() =>
        ResolveTarget(Options.ForwardAuthenticate) is { } target ? Context.AuthenticateAsync(target) : AuthenticateOnceAsync();

    public Task ChallengeAsync(AuthenticationProperties? properties) =>
        ResolveTarget(Options.ForwardChallenge) is { } target
            ? Context.ChallengeAsync(target, properties)
            : HandleChallengeAsync(properties);

    public Task ForbidAsync(AuthenticationProperties? properties) =>
        ResolveTarget(Options.ForwardForbid) is { } target
            ? Context.ForbidAsync(target, properties)
            : HandleForbiddenAsync(properties);

    protected abstract Task<AuthenticateResult> HandleAuthenticateAsync();

    protected abstract Task HandleChallengeAsync(AuthenticationProperties? properties);

    protected abstract Task HandleForbiddenAsync(AuthenticationProperties? properties);

    /// <summary>Authenticates the request once. Later calls return the same result.</summary>
    protected Task<AuthenticateResult> AuthenticateOnceAsync() => _authenticateTask ??= HandleAuthenticateAsync();

    /// <summary>Returns the scheme to forward to, or null if this scheme handles the request.</summary>
    private string? ResolveTarget(string? scheme)
    {
        var target = scheme ?? Options.ForwardDefaultSelector?.Invoke(Context) ?? Options.ForwardDefault;
        return string.Equals(target, Scheme.Name, StringComparison.Ordinal) ? null : target;
    }
}
