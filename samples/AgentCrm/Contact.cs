namespace AgentCrm;

/// <summary>Represents a call with a lead or a message to a lead.</summary>
internal sealed record Contact(Guid Id, Guid LeadId, string Text, DateTimeOffset At);
