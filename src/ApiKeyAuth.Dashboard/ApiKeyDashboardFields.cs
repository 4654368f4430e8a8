namespace ApiKeyAuth.Dashboard;

/// <summary>Defines the fields of the forms, in addition to the name, that can be omitted.</summary>
[Flags]
public enum ApiKeyDashboardFields
{
    /// <summary>Only the name.</summary>
    None = 0,

    /// <summary>The environment.</summary>
    Environment = 1,

    /// <summary>The kind.</summary>
    Kind = 1 << 1,

    /// <summary>The owner.</summary>
    Owner = 1 << 2,

    /// <summary>The scopes.</summary>
    Scopes = 1 << 3,

    /// <summary>The expiration.</summary>
    Expiration = 1 << 4,

    /// <summary>The time before which the key is not accepted.</summary>
    NotBefore = 1 << 5,

    /// <summary>The time without a use after which the key expires.</summary>
    IdleExpiration = 1 << 6,

    /// <summary>The rate limits.</summary>
    RateLimits = 1 << 7,

    /// <summary>The networks.</summary>
    Networks = 1 << 8,

    /// <summary>The audiences.</summary>
    Audiences = 1 << 9,

    /// <summary>The metadata.</summary>
    Metadata = 1 << 10,

    /// <summary>All fields.</summary>
    All = Environment | Kind | Owner | Scopes | Expiration | NotBefore | IdleExpiration | RateLimits | Networks | Audiences | Metadata,
}
