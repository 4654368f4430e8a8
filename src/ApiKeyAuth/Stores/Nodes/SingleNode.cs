namespace ApiKeyAuth.Stores;

/// <summary>What holds without a bus: this node knows of no other.</summary>
internal sealed class SingleNode : IApiKeyNodes
{
    public int Count => 1;
}
