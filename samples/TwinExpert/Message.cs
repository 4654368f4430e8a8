namespace TwinExpert;

/// <summary>What somebody said in a conversation.</summary>
internal sealed record Message(string Id, string Content, DateTimeOffset CreatedAt);
