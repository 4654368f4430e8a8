using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;

namespace ApiKeyAuth.Cli.DueRotations;

/// <summary>Replaces the file of a key in a folder. Only its owner may read it (mode 0600).</summary>
internal sealed class FolderDelivery(string folder) : ISecretDelivery
{
    private const int MaxNameLength = 200;

    public void Check()
    {
        var probe = Path.Combine(folder, $".{Guid.NewGuid():N}");
        PrivateFile.Replace(probe, "");
        File.Delete(probe);
    }

    public Task<string?> DeliverAsync(DueKey key, string secret, CancellationToken cancellationToken)
    {
        // The ID of a host becomes the name of a file.
        if (key.Id.Length > MaxNameLength || !key.Id.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
        {
            return Task.FromResult<string?>("its ID cannot be the name of a file");
        }

        try
        {
            PrivateFile.Replace(Path.Combine(folder, $"{key.Id}.key"), secret + "\n");
            return Task.FromResult<string?>(null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ToolException)
        {
            return Task.FromResult<string?>(exception.Message.TrimEnd('.'));
        }
    }
}
