using System.Buffers;

namespace ApiKeyAuth.Keys.Hashes;

/// <summary>Validates the hash algorithms of an app.</summary>
internal static class HashAlgorithmRules
{
    private const int MaxNameLength = 32;
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public static bool IsName(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= MaxNameLength && !name.ContainsAnyExcept(NameCharacters);

    public static IReadOnlyList<string> FindErrors(IReadOnlyList<IApiKeyHashAlgorithm> algorithms)
    {
        List<string> errors =
        [
            .. algorithms.Index().Where(algorithm => !IsName(algorithm.Item?.Name)).Select(algorithm =>
                $"HashAlgorithms:{algorithm.Index} is null or has no valid name: use 1 to {MaxNameLength} of the characters a-z 0-9 -"),
        ];
        errors.AddRange(algorithms.CountBy(algorithm => algorithm?.Name ?? "", StringComparer.Ordinal)
            .Where(count => count.Value > 1 && IsName(count.Key))
            .Select(count => $"HashAlgorithms: two algorithms have the name {count.Key}: keep one of them."));
        return errors;
    }
}
