namespace ApiKeyAuth.Dashboard.Startup;

/// <summary>Marks the endpoints of a dashboard, for the check at startup.</summary>
internal sealed record DashboardMetadata(string Pattern, ApiKeyDashboardOptions Options);
