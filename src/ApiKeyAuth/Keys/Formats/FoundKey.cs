namespace ApiKeyAuth.Keys.Formats;

/// <summary>Represents the position of a key in a text.</summary>
/// <param name="Start">The index of its first character.</param>
/// <param name="End">The index after its last character.</param>
/// <param name="Head">The prefix and environment that are shown in its place; empty for a key without them.</param>
internal readonly record struct FoundKey(int Start, int End, string Head);
