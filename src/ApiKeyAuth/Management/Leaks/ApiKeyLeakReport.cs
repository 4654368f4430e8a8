namespace ApiKeyAuth.Management.Leaks;

/// <summary>Represents where a leaked secret was found, and who reported it.</summary>
public sealed record ApiKeyLeakReport
{
    /// <summary>Gets the kind of place that the secret was found in, such as <c>commit</c> or <c>issue_comment</c>, or null.</summary>
    public string? Source { get; init; }

    /// <summary>
    /// Gets the address at which the secret was found, or null. Only its host is stored and logged, because the rest may contain the
    /// secret.
    /// </summary>
    public string? Url { get; init; }

    /// <summary>Gets the IP address of the reporter, for the audit, or null.</summary>
    public string? Address { get; init; }

    /// <summary>Returns the name of the type, without the address, which may contain the secret.</summary>
    public override string ToString() => nameof(ApiKeyLeakReport);
}
