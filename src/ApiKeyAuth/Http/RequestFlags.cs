namespace ApiKeyAuth.Http;

/// <summary>Defines the flags of a request.</summary>
[Flags]
internal enum RequestFlags
{
    None = 0,
    IsOnStartingRegistered = 1,
    IsNoStore = 2,
    IsKeyRejected = 4,
    IsFailureCounted = 8,
    HasRun = 16,
    IsErrorWritten = 32,
    IsAuthorized = 64,
    IsFrameworkResponse = 128,
}
