namespace AgentCrm;

/// <summary>The figures of a company.</summary>
internal sealed record Analytics(int Leads, int Bookings, int Calls, int Messages);
