namespace ApiKeyAuth.IntegrationTests.Processes;

/// <summary>Programs that the machine has installed.</summary>
internal static class Installed
{
    /// <summary>Finds one; where it is not installed the test is ignored, and fails in CI.</summary>
    public static string Find(string package, params string[] places)
    {
        if (places.FirstOrDefault(File.Exists) is { } program)
        {
            return program;
        }

        Missing($"{places[0]} is not there: apt-get install {package}");
        return "";
    }

    /// <summary>Ends the test for want of something: ignored, and failed in CI.</summary>
    public static void Missing(string reason)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail(reason);
        }

        Assert.Ignore(reason);
    }
}
