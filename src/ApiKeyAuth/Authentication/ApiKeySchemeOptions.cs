using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Authentication;

/// <summary>Provides the options of a scheme, such as the sources that it reads and the keys that it accepts.</summary>
public sealed class ApiKeySchemeOptions : AuthenticationSchemeOptions
{
    private string[] _authorizationSchemes = [ApiKeyDefaults.AuthorizationScheme];
    private string[] _headers = [ApiKeyDefaults.HeaderName];

    /// <summary>Initializes options with the defaults.</summary>
    public ApiKeySchemeOptions() => Events = new ApiKeyEvents();

    /// <summary>
    /// Gets or sets the HTTP authentication schemes that can precede a key in the <c>Authorization</c> header, such as <c>Bearer</c> (RFC
    /// 6750 §2.1), <c>ApiKey</c> or <c>Token</c>. They are not case-sensitive. If the list is empty, the header is not read. The default is
    /// <c>Bearer</c>.
    /// </summary>
    /// <remarks>A token that is not a key, such as a JWT, is left to other schemes.</remarks>
    public IReadOnlyList<string> AuthorizationSchemes
    {
        get => _authorizationSchemes;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _authorizationSchemes = [.. value];
        }
    }

    /// <summary>
    /// Gets or sets the headers that contain a key. If the list is empty, no such header is read. The default is <c>X-API-Key</c>.
    /// </summary>
    public IReadOnlyList<string> Headers
    {
        get => _headers;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _headers = [.. value];
        }
    }

    /// <summary>Gets or sets the query parameter that contains a key. If it is null, the query is not read. The default is null.</summary>
    /// <remarks>
    /// URLs are stored in logs, browser histories and proxies (RFC 6750 §5.3). Responses to requests with the parameter contain
    /// <c>Cache-Control: no-store</c>, and the framework's logs that contain URLs are limited to warnings.
    /// </remarks>
    public string? UnsafeQueryParameter { get; set; }

    /// <summary>
    /// Gets the environments whose keys are accepted. If the list is empty, keys of all environments are accepted. Otherwise, keys without
    /// an environment are rejected. The default is empty.
    /// </summary>
    public IList<string> Environments { get; } = [];

    /// <summary>
    /// Gets or sets the audience of the scheme. A key that is bound to audiences is accepted only if this is one of them. If it is null,
    /// such keys are rejected. The default is null.
    /// </summary>
    public string? Audience { get; set; }

    /// <summary>
    /// Gets or sets a delegate that returns the audience for a request, in place of <see cref="Audience"/>. The default is null.
    /// </summary>
    public Func<HttpContext, string?>? AudienceSelector { get; set; }

    /// <summary>
    /// Gets or sets the <c>realm</c> of the challenge (RFC 9110 §11.5). If it is null, the challenge has none. The default is null.
    /// </summary>
    public string? Realm { get; set; }

    /// <summary>Gets or sets the events that the app can handle during authentication.</summary>
    public new ApiKeyEvents Events
    {
        get => (ApiKeyEvents)base.Events!;
        set => base.Events = value;
    }

    /// <summary>Gets the authorization schemes as an array, because every request enumerates them.</summary>
    internal string[] AuthorizationSchemeArray => _authorizationSchemes;

    /// <summary>Gets the headers as an array, because every request enumerates them.</summary>
    internal string[] HeaderArray => _headers;

    /// <summary>Gets a value indicating whether the app handles <see cref="ApiKeyEvents.OnMessageReceived"/>.</summary>
    internal bool HasMessageReceived =>
        EventsType is { } type ? ApiKeyEvents.OverridesMessageReceived(type) : Events.HandlesMessageReceived;

    /// <summary>Gets or sets the names of the headers that are read, separated by commas, or null if there are none.</summary>
    internal string? VaryNames { get; set; }

    /// <summary>
    /// Gets or sets the challenges without an error: one for each authorization scheme, or for each header if there is none.
    /// </summary>
    internal string[] Challenges { get; set; } = [ApiKeyDefaults.AuthorizationScheme];

    /// <summary>Gets or sets the challenges for a key that was rejected.</summary>
    internal string[] InvalidChallenges { get; set; } = [ApiKeyDefaults.AuthorizationScheme];
}
