namespace TwinExpert;

/// <summary>Represents a message in a conversation.</summary>
internal sealed record Message(string Id, string Content, DateTimeOffset CreatedAt);
