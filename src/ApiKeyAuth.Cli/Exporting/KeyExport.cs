using System.Text.Json.Nodes;

namespace ApiKeyAuth.Cli.Exporting;

/// <summary>Represents a file of keys that is being written.</summary>
internal abstract class KeyExport : IDisposable
{
    /// <summary>Gets what the person should know about the file, with a leading space, or an empty text.</summary>
    public virtual string Note => "";

    public static KeyExport Create(string format, TextWriter text, bool includesHashes) => format switch
    {
        "json" => new JsonKeyExport(text, includesHashes),
        "csv" => new CsvKeyExport(text, includesHashes),
        _ => new AwsKeyExport(text),
    };

    public abstract void Write(JsonObject key);

    public abstract void End();

    public abstract void Dispose();
}
