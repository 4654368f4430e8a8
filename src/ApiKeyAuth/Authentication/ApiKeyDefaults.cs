namespace ApiKeyAuth.Authentication;

/// <summary>The names used where none is given.</summary>
public static class ApiKeyDefaults
{
    /// <summary>The name of the scheme where no other is configured.</summary>
    public const string AuthenticationScheme = "ApiKey";

    /// <summary>The name of the scheme that forwards to API keys or to another bearer scheme.</summary>
    public const string ForwardingScheme = "ApiKeyOrBearer";

    /// <summary>The header read beside <c>Authorization: Bearer</c>.</summary>
    public const string HeaderName = "X-API-Key";
}
