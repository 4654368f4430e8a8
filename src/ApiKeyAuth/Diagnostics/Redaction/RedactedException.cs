namespace ApiKeyAuth.Diagnostics.Redaction;

/// <summary>Represents an exception in a log entry whose text contained a key. Its text is that of the original without keys.</summary>
internal sealed class RedactedException(string message, string text) : Exception(message)
{
    public override string ToString() => text;
}
