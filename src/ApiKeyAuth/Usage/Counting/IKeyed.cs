namespace ApiKeyAuth.Usage.Counting;

/// <summary>Defines an entry that contains its own key.</summary>
internal interface IKeyed<TKind>
{
    bool HasKey(in TKind key);
}
