namespace AgentCrm;

/// <summary>Represents a potential customer.</summary>
internal sealed record Lead(Guid Id, string Name, string Phone, DateTimeOffset CreatedAt);
