namespace ApiKeyAuth.Errors;

/// <summary>Defines what is noted of a request by yes or no.</summary>
[Flags]
internal enum NoteFlags
{
    None = 0,
    AwaitsAnswer = 1,
    NeverStore = 2,
    KeyRefused = 4,
    KeyCounted = 8,
    HasRun = 16,
    IsRefusalWritten = 32,
    IsAuthorized = 64,
    IsFrameworks = 128,
}
