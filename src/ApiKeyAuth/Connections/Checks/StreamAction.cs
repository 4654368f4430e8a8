namespace ApiKeyAuth.Connections.Checks;

/// <summary>Specifies what to do next for the open connections of a key.</summary>
internal enum StreamAction
{
    None,

    /// <summary>Read the key from the store.</summary>
    Check,

    /// <summary>Read the permissions of the key's owner.</summary>
    CheckOwner,

    /// <summary>End the connections: the key could not be confirmed in time.</summary>
    End,
}
