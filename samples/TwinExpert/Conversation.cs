using System.Collections.Concurrent;
using System.Text.Json.Serialization;

namespace TwinExpert;

/// <summary>A talk of one account with one twin.</summary>
internal sealed record Conversation(string Id, string TwinId, DateTimeOffset CreatedAt, [property: JsonIgnore] string Account)
{
    [JsonIgnore]
    public ConcurrentQueue<Message> Messages { get; } = new();
}
