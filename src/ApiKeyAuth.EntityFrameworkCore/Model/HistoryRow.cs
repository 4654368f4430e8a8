namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>Uses of a key in an hour, or in a day once rolled up, that are alike; gone with the key's row of usage, whose lock guards it.</summary>
internal class HistoryRow
{
    public const int OutcomeLength = 40;
    public const int CountryLength = 2;
    public const int NetworkLength = 50;

    public required string KeyId { get; set; }

    public long Start { get; set; }

    public bool IsDay { get; set; }

    public required string Outcome { get; set; }

    public required string Country { get; set; }

    public required string Network { get; set; }

    public long Count { get; set; }
}
