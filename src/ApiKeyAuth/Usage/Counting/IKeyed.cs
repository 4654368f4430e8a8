namespace ApiKeyAuth.Usage.Counting;

/// <summary>What is counted of one kind, and knows which.</summary>
internal interface IKeyed<TKind>
{
    bool HasKey(in TKind key);
}
