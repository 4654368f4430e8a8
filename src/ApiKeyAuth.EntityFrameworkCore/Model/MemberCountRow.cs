namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>Represents the last known number of nodes, in a single row.</summary>
internal class MemberCountRow : NotifyingRow
{
    public const int SingleId = 1;

    public virtual int Id { get; set; } = SingleId;

    public virtual int Count { get; set; }
}
