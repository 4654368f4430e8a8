namespace Twig;

/// <summary>Represents a user and the user's permissions.</summary>
internal sealed record Account(string Id, string Email, string Organization, IReadOnlyList<string> Permissions);
