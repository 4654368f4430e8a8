namespace AgentCrm;

/// <summary>A call with a lead, or a message to one.</summary>
internal sealed record Contact(Guid Id, Guid LeadId, string Text, DateTimeOffset At);
