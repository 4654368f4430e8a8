namespace ApiKeyAuth.IntegrationTests.Processes;

/// <summary>Finds installed programs.</summary>
internal static class Installed
{
    /// <summary>The variable that hides all programs, so that the tests run as on a machine with only the .NET SDK.</summary>
    private const string Hidden = "APIKEYAUTH_TESTS_HIDE_PROGRAMS";

    private static readonly string[] Folders =
    [
        .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
        "/usr/sbin",
        "/usr/local/sbin",
    ];

    /// <summary>Finds a program. If it is not installed the test is skipped, and fails in CI.</summary>
    /// <param name="program">The file name of the program.</param>
    /// <param name="package">The Debian package that contains it.</param>
    /// <param name="folders">Folders to search in addition to PATH.</param>
    public static string Find(string program, string package, params IEnumerable<string> folders)
    {
        if (Look(program, folders) is { } path)
        {
            return path;
        }

        Missing($"{program} is not installed: apt-get install {package}");
        return "";
    }

    /// <summary>Skips the test because a program is not installed. In CI, the test fails.</summary>
    public static void Missing(string reason)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail(reason);
        }

        Skips.Add(reason);
        Assert.Ignore(reason);
    }

    private static string? Look(string program, IEnumerable<string> folders) => Environment.GetEnvironmentVariable(Hidden) == "true"
        ? null
        : folders.Concat(Folders).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
