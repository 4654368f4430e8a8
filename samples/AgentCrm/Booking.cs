namespace AgentCrm;

/// <summary>A visit that was agreed on.</summary>
internal sealed record Booking(Guid Id, string LeadName, DateTimeOffset StartsAt);
