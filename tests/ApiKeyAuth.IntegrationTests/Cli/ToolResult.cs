namespace ApiKeyAuth.IntegrationTests.Cli;

/// <summary>Represents what a command wrote and how it ended.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error)
{
    /// <summary>Gets the lines of the standard output.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Asserts that the command failed with one line.</summary>
    public void AssertFailed(int exitCode, string message)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ExitCode, Is.EqualTo(exitCode), Error);
            Assert.That(Error, Is.EqualTo($"error: {message}\n"));
            Assert.That(Output, Is.Empty);
        }
    }

    /// <summary>Asserts that the command succeeded, and returns the same result.</summary>
    public ToolResult AssertSucceeded()
    {
        Assert.That(ExitCode, Is.Zero, Error);
        return this;
    }
}
