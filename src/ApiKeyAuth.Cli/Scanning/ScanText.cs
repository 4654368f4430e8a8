namespace ApiKeyAuth.Cli.Scanning;

/// <summary>Describes findings for people.</summary>
internal static class ScanText
{
    public static string Describe(ScanFinding finding)
    {
        var commit = finding.Commit is null ? "" : $" in commit {finding.Commit[..Math.Min(12, finding.Commit.Length)]}";
        var status = finding.Status switch
        {
            null => "",
            "unknown" => ", which is not in the store",
            var known => $", which is the {known} key {finding.KeyId}",
        };
        return $"The API key {finding.Masked}{commit}{status}.";
    }
}
