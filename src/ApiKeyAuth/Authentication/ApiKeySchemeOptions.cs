using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Authentication;

/// <summary>Where one scheme reads keys from, and which ones it accepts.</summary>
public sealed class ApiKeySchemeOptions : AuthenticationSchemeOptions
{
    /// <summary>Makes options with the defaults.</summary>
    public ApiKeySchemeOptions() => Events = new ApiKeyEvents();

    /// <summary>Whether <c>Authorization: Bearer</c> is read (RFC 6750 §2.1); on by default.</summary>
    public bool Bearer { get; set; } = true;

    /// <summary>The header that is read, or null for none; <c>X-API-Key</c> by default.</summary>
    public string? Header { get; set; } = ApiKeyDefaults.HeaderName;

    /// <summary>The query parameter that is read, or null for none, the default.</summary>
    /// <remarks>
    /// Addresses end up in logs, histories and proxies (RFC 6750 §5.3). Answers then carry <c>Cache-Control: no-store</c>, and the host's
    /// own request log, which prints the query, is held at Warning.
    /// </remarks>
    public string? UnsafeQueryParameter { get; set; }

    /// <summary>The environments whose keys are accepted; empty, the default, for all. A key that names none is then refused.</summary>
    public IList<string> Environments { get; } = [];

    /// <summary>The audience this scheme stands for: a key bound to audiences must be bound to it. Null, the default, refuses such keys.</summary>
    public string? Audience { get; set; }

    /// <summary>Chooses the audience by the request, in place of <see cref="Audience"/>.</summary>
    public Func<HttpContext, string?>? AudienceSelector { get; set; }

    /// <summary>The <c>realm</c> of the challenge (RFC 9110 §11.5), or null, the default, for none.</summary>
    public string? Realm { get; set; }

    /// <summary>What the app does at the turns of an authentication.</summary>
    public new ApiKeyEvents Events
    {
        get => (ApiKeyEvents)base.Events!;
        set => base.Events = value;
    }

    /// <summary>The names of the headers that are read, separated by commas, or null; made once.</summary>
    internal string? VaryNames { get; set; }

    /// <summary>The challenge without an error, made once.</summary>
    internal string Challenge { get; set; } = "Bearer";

    /// <summary>The challenge of a key that was refused, likewise.</summary>
    internal string InvalidChallenge { get; set; } = "Bearer";
}
