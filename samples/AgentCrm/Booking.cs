namespace AgentCrm;

/// <summary>Represents a booked visit.</summary>
internal sealed record Booking(Guid Id, string LeadName, DateTimeOffset StartsAt);
