namespace ApiKeyAuth.Cli.DueRotations;

/// <summary>Defines where the new secret of a key goes. It is never written to the terminal.</summary>
internal interface ISecretDelivery
{
    /// <summary>Throws if nothing can be delivered, before a key is rotated.</summary>
    void Check();

    /// <summary>Delivers a secret.</summary>
    /// <returns>Null if it was delivered, or why not, without the secret.</returns>
    Task<string?> DeliverAsync(DueKey key, string secret, CancellationToken cancellationToken);
}
