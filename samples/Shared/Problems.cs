using ApiKeyAuth.Http;

namespace Samples;

/// <summary>Creates the problems of a sample's own rules. They are written like every other error of the app.</summary>
internal static class Problems
{
    public static ApiKeyError NotFound(string message) =>
        new() { StatusCode = StatusCodes.Status404NotFound, Code = ApiKeyErrorCodes.NotFound, Message = message };

    /// <summary>Finds all members of a body that break a rule, and returns null if there are none.</summary>
    public static ApiKeyError? FindInvalid(params (string Member, string? Fault)[] rules)
    {
        var faults = rules.Where(rule => rule.Fault is not null).ToDictionary(rule => rule.Member, rule => rule.Fault!);
        return faults.Count == 0 ? null : new()
        {
            StatusCode = StatusCodes.Status400BadRequest,
            Code = ApiKeyErrorCodes.InvalidRequest,
            Message = string.Join("; ", faults.Select(fault => $"{fault.Key} {fault.Value}")),
            Fields = faults,
        };
    }

    public static string? Required(string? text) => NotBlank(text ?? "");

    /// <summary>Checks a text that can be absent.</summary>
    public static string? NotBlank(string? text) => text is not null && string.IsNullOrWhiteSpace(text) ? "is required" : null;

    public static string? InRange(long? number, long min, long max) =>
        number < min || number > max ? $"must be a whole number from {min} to {max}" : null;
}
