namespace ApiKeyAuth.Redis.Connection;

/// <summary>Reads the scripts that are embedded in the package.</summary>
internal static class EmbeddedText
{
    public static string Read(string name)
    {
        using var reader = new StreamReader(typeof(EmbeddedText).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
