namespace ApiKeyAuth.Dashboard;

/// <summary>Defines what the pages call a key.</summary>
public enum ApiKeyDashboardNoun
{
    /// <summary>The pages say "key".</summary>
    Key,

    /// <summary>The pages say "token".</summary>
    Token,
}
