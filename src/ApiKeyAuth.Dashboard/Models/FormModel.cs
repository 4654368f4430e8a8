using ApiKeyAuth.Dashboard.Forms;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Dashboard.Models;

/// <summary>Represents a form about a key, with the problems that the last attempt had.</summary>
internal sealed record FormModel
{
    public KeyForm Form { get; init; } = new();

    /// <summary>Gets the key that the form changes, or null for a new one.</summary>
    public ApiKey? Key { get; init; }

    /// <summary>Gets the problems by field.</summary>
    public IReadOnlyDictionary<string, string> Problems { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets a message that does not belong to a field.</summary>
    public string? Message { get; init; }

    /// <summary>Gets the fields that may have changed since the form was opened.</summary>
    public IReadOnlyList<string> Conflicts { get; init; } = [];

    public int StatusCode { get; init; } = 200;

    public FormModel WithError(ApiKeyError error) => this with
    {
        Problems = error.Fields ?? Problems,
        Message = error.Fields is { Count: > 0 } ? null : error.Message,
        StatusCode = error.StatusCode,
    };
}
