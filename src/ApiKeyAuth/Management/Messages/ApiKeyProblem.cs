namespace ApiKeyAuth.Management;

/// <summary>Why the manager did not do what it was asked; nothing was changed, but where its status is 503 and the message says so.</summary>
public sealed record ApiKeyProblem
{
    /// <summary>The HTTP status that says the same: 400, 403, 404, 409, 412 or 503.</summary>
    public required int Status { get; init; }

    /// <summary>One of <see cref="Errors.ApiKeyErrorCodes"/>.</summary>
    public required string Code { get; init; }

    /// <summary>One sentence for the caller, without a full stop.</summary>
    public required string Message { get; init; }

    /// <summary>What is wrong with each field that is, by the field's name in JSON.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The scopes that the caller would have to hold.</summary>
    public IReadOnlyList<string> MissingScopes { get; init; } = [];
}
