namespace ApiKeyAuth.Cli.CommandLine;

/// <summary>Provides the exit codes of the tool, which are those of <c>gh</c>.</summary>
internal static class ExitCodes
{
    /// <summary>The command did what it was called for.</summary>
    public const int Success = 0;

    /// <summary>The command failed, or it found something, such as a leaked key.</summary>
    public const int Failure = 1;

    /// <summary>The command line is wrong, or the command was canceled.</summary>
    public const int Usage = 2;

    /// <summary>A key is missing or was rejected.</summary>
    public const int NotAuthenticated = 4;
}
