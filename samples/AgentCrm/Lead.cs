namespace AgentCrm;

/// <summary>Somebody who may buy.</summary>
internal sealed record Lead(Guid Id, string Name, string Phone, DateTimeOffset CreatedAt);
