using System.Collections.Concurrent;
using System.Text.Json.Serialization;

namespace TwinExpert;

/// <summary>Represents a conversation of an account with a twin.</summary>
internal sealed record Conversation(string Id, string TwinId, DateTimeOffset CreatedAt, [property: JsonIgnore] string Account)
{
    [JsonIgnore]
    public ConcurrentQueue<Message> Messages { get; } = new();
}
