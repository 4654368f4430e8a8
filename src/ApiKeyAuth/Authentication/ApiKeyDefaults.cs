namespace ApiKeyAuth.Authentication;

/// <summary>Provides default values for API key authentication.</summary>
public static class ApiKeyDefaults
{
    /// <summary>The default name of the API key scheme.</summary>
    public const string AuthenticationScheme = "ApiKey";

    /// <summary>The name of the scheme that forwards to API keys or to another bearer scheme.</summary>
    public const string ForwardingScheme = "ApiKeyOrBearer";

    /// <summary>The default HTTP authentication scheme that precedes a key in the <c>Authorization</c> header.</summary>
    public const string AuthorizationScheme = "Bearer";

    /// <summary>The default header that contains a key.</summary>
    public const string HeaderName = "X-API-Key";
}
