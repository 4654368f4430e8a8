using System.Collections;

namespace ApiKeyAuth.Diagnostics.Redaction;

/// <summary>Represents the message and the values of a log entry or scope without keys.</summary>
internal sealed class RedactedState(string text, KeyValuePair<string, object?>[] values) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => values.Length;

    public KeyValuePair<string, object?> this[int index] => values[index];

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => values.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => values.GetEnumerator();

    public override string ToString() => text;
}
