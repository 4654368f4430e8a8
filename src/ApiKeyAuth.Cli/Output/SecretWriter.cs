using System.CommandLine;

namespace ApiKeyAuth.Cli.Output;

/// <summary>Writes the secret of a new key once: to a file that only its owner may read, or to the standard output.</summary>
/// <param name="console">The console.</param>
internal sealed class SecretWriter(ToolConsole console)
{
    public static Option<string?> CreateOption() => new("--output-file", "-o")
    {
        Description = "Write the secret to this new file, which only you may read, and not to the standard output.",
        HelpName = "file",
    };

    /// <summary>Throws if the file cannot be written, before a key is created whose secret would be lost.</summary>
    public void Check(string? path)
    {
        if (path is not null)
        {
            PrivateFile.Create(console.GetPath(path), "");
            File.Delete(console.GetPath(path));
        }
    }

    /// <summary>Writes a secret.</summary>
    /// <returns><see langword="true"/> if it was written to a file.</returns>
    public bool Write(string secret, string? path)
    {
        if (path is null)
        {
            console.Out.WriteLine(secret);
            return false;
        }

        PrivateFile.Create(console.GetPath(path), secret + "\n");
        return true;
    }
}
