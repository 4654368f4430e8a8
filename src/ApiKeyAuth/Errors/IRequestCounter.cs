namespace ApiKeyAuth.Errors;

/// <summary>Counts how a request ended.</summary>
internal interface IRequestCounter
{
    /// <summary>Counts it.</summary>
    /// <param name="notes">What was noted of it.</param>
    /// <param name="isAnswered">Whether its status goes to the caller.</param>
    void Count(RequestNotes notes, bool isAnswered);
}
