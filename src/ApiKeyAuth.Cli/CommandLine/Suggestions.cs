namespace ApiKeyAuth.Cli.CommandLine;

/// <summary>Finds the name that was probably meant.</summary>
internal static class Suggestions
{
    private const int MaxDistance = 2;

    /// <summary>Returns the nearest of some names, or null if none is near.</summary>
    public static string? Find(string word, IEnumerable<string> names) =>
        names.Select(name => (Name: name, Distance: GetDistance(word, name)))
            .Where(candidate => candidate.Distance <= Math.Min(MaxDistance, candidate.Name.Length / 2))
            .OrderBy(candidate => candidate.Distance).ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Select(candidate => candidate.Name).FirstOrDefault();

    /// <summary>Computes the number of changed, added, removed and swapped characters.</summary>
    private static int GetDistance(string first, string second)
    {
        var distances = new int[first.Length + 1, second.Length + 1];
        for (var row = 0; row <= first.Length; row++)
        {
            for (var column = 0; column <= second.Length; column++)
            {
                distances[row, column] = row == 0 || column == 0
                    ? row + column
                    : Math.Min(
                        Math.Min(distances[row - 1, column] + 1, distances[row, column - 1] + 1),
                        distances[row - 1, column - 1] + (first[row - 1] == second[column - 1] ? 0 : 1));
                if (row > 1 && column > 1 && first[row - 1] == second[column - 2] && first[row - 2] == second[column - 1])
                {
                    distances[row, column] = Math.Min(distances[row, column], distances[row - 2, column - 2] + 1);
                }
            }
        }

        return distances[first.Length, second.Length];
    }
}
