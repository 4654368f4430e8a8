namespace ApiKeyAuth.Dashboard;

/// <summary>Defines the columns of the list that can be omitted.</summary>
[Flags]
public enum ApiKeyDashboardColumns
{
    /// <summary>Only the name, the status and the actions.</summary>
    None = 0,

    /// <summary>The kind, below the name.</summary>
    Kind = 1,

    /// <summary>The environment, below the name.</summary>
    Environment = 1 << 1,

    /// <summary>The owner.</summary>
    Owner = 1 << 2,

    /// <summary>The scopes.</summary>
    Scopes = 1 << 3,

    /// <summary>The time of the last use.</summary>
    LastUsed = 1 << 4,

    /// <summary>The time of the creation.</summary>
    Created = 1 << 5,

    /// <summary>The requests of the last 36 hours.</summary>
    Usage = 1 << 6,

    /// <summary>All columns.</summary>
    All = Kind | Environment | Owner | Scopes | LastUsed | Created | Usage,
}
