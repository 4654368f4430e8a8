namespace Twig;

/// <summary>Somebody who can sign in, and what he may do.</summary>
internal sealed record Account(string Id, string Email, string Organization, IReadOnlyList<string> Permissions);
