namespace AgentCrm;

/// <summary>Represents the figures of a company.</summary>
internal sealed record Analytics(int Leads, int Bookings, int Calls, int Messages);
