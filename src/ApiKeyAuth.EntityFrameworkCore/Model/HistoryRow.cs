namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>
/// Represents the number of uses of a key in an hour, or in a day after the roll-up, with the same outcome, country and network.
/// </summary>
/// <remarks>It is deleted with the <see cref="UsageRow"/> of the key, whose lock guards it.</remarks>
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
