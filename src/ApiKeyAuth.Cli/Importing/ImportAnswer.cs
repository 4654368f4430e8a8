namespace ApiKeyAuth.Cli.Importing;

/// <summary>Represents what a target says about one key.</summary>
/// <param name="Problem">Why the key is not imported, or null.</param>
/// <param name="IsPresent">Whether an earlier import stored the key.</param>
/// <param name="IsUnavailable">Whether the import must end, because the target failed.</param>
internal readonly record struct ImportAnswer(string? Problem = null, bool IsPresent = false, bool IsUnavailable = false);
