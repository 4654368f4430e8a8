namespace ApiKeyAuth.IntegrationTests.Processes;

/// <summary>Programs that the machine has installed.</summary>
internal static class Installed
{
    /// <summary>The variable that hides every program, so that the tests run as on a machine with the .NET SDK and nothing else.</summary>
    private const string Hidden = "APIKEYAUTH_TESTS_HIDE_PROGRAMS";

    private static readonly string[] Folders =
        [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries), "/usr/sbin", "/usr/local/sbin"];

    /// <summary>Finds a program. If it is not installed the test is skipped, and fails in CI.</summary>
    /// <param name="program">The name of its file.</param>
    /// <param name="package">The Debian package that brings it.</param>
    /// <param name="folders">Where packages put it besides the folders of PATH.</param>
    public static string Find(string program, string package, params IEnumerable<string> folders)
    {
        if (Look(program, folders) is { } path)
        {
            return path;
        }

        Missing($"{program} is not installed: apt-get install {package}");
        return "";
    }

    /// <summary>Ends the test because something is not installed: it is skipped, and fails in CI.</summary>
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
