using System.Text;
using ApiKeyAuth.Cli.CommandLine;

namespace ApiKeyAuth.Cli.Output;

/// <summary>Reads and writes files that hold secrets, which only their owner may read (mode 0600).</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerOnly | UnixFileMode.UserExecute;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes a new file.</summary>
    /// <exception cref="ToolException">The file exists, which is never overwritten.</exception>
    public static void Create(string path, string text)
    {
        if (File.Exists(path))
        {
            throw new ToolException($"The file {path} exists and is not overwritten. Choose another file, or delete it.");
        }

        Write(path, text, FileMode.CreateNew);
    }

    /// <summary>Replaces a file as a whole. Its folder is created.</summary>
    public static void Replace(string path, string text)
    {
        CreateFolder(Path.GetDirectoryName(path)!);
        var draft = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            Write(draft, text, FileMode.CreateNew);
            File.Move(draft, path, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>Throws if others may read a file.</summary>
    public static void ThrowIfShared(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerFolder) != 0)
        {
            throw new ToolException($"Others may read {path}, which holds keys. Run 'chmod 600 {path}', and replace the keys in it.");
        }
    }

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerFolder);
        }
    }

    private static void Write(string path, string text, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using var writer = new StreamWriter(path, Utf8, options);
        writer.Write(text);
    }
}
