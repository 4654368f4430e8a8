using System.Net;

namespace ApiKeyAuth.Authentication.Credentials;

/// <summary>Represents where a key was used that another program asks about.</summary>
/// <param name="Address">The address it was used from, or null if the program does not name it; its networks are then not judged.</param>
internal sealed record RemoteOrigin(IPAddress? Address);
