namespace ApiKeyAuth.Usage;

/// <summary>What is counted of one kind, and knows which.</summary>
internal interface ICountedOf<TKind>
{
    bool IsOf(in TKind kind);
}
