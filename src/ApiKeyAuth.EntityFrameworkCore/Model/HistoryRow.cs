namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>Uses of a key in an hour, or in a day once rolled up, that are alike; gone with the key's row of usage, whose lock guards it.</summary>
internal class HistoryRow : NotifyingRow
{
    public const int OutcomeLength = 40;
    public const int CountryLength = 2;
    public const int NetworkLength = 50;

    public virtual required string KeyId { get; set; }

    public virtual long Start { get; set; }

    public virtual bool IsDay { get; set; }

    public virtual required string Outcome { get; set; }

    public virtual required string Country { get; set; }

    public virtual required string Network { get; set; }

    public virtual long Count { get; set; }
}
