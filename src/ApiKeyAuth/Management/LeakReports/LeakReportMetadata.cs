namespace ApiKeyAuth.Management.LeakReports;

/// <summary>Represents metadata of the endpoint for signed reports, which needs public keys and a writable store.</summary>
internal sealed class LeakReportMetadata;
