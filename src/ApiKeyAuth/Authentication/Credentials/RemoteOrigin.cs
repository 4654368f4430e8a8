using System.Net;

namespace ApiKeyAuth.Authentication.Credentials;

/// <summary>Represents the origin of a key that another program verifies remotely.</summary>
/// <param name="Address">The address that used the key. If it is null, the networks of the key are not checked.</param>
internal sealed record RemoteOrigin(IPAddress? Address);
