namespace ApiKeyAuth;

/// <summary>What the pipeline looked like when it was put together, for the check at start.</summary>
internal sealed class WiringState
{
    private const string AuthorizationMark = "__AuthorizationMiddlewareSet";
    private static readonly object Ours = new();
    private IDictionary<string, object?>? _properties;

    public bool IsUsed => _properties is not null;

    /// <summary>Whether the host's own <c>UseAuthorization()</c> stands before or after ours: the framework marks each call by the same property.</summary>
    public bool IsAuthorizationCalledTwice { get; private set; }

    public void Begin(IDictionary<string, object?> properties)
    {
        if (!properties.TryAdd(nameof(WiringState), Ours))
        {
            throw new InvalidOperationException("UseApiKeyAuth() is called twice in one pipeline; remove one call, or every request is charged twice.");
        }

        IsAuthorizationCalledTwice |= properties.ContainsKey(AuthorizationMark);
    }

    public void End(IDictionary<string, object?> properties)
    {
        properties[AuthorizationMark] = Ours;
        _properties = properties;
    }

    /// <summary>Whether a branch (<c>Map</c>, <c>UseWhen</c>) has the call and the app itself, whose properties are given, authorizes without it.</summary>
    public bool IsInBranchOnly(IDictionary<string, object?> app) =>
        IsUsed && !app.ContainsKey(nameof(WiringState)) && app.ContainsKey(AuthorizationMark);

    public void LookAgain() => IsAuthorizationCalledTwice |= _properties is not null && !ReferenceEquals(_properties[AuthorizationMark], Ours);
}
