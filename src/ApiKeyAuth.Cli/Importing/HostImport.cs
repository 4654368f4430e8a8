using System.Text.Json.Nodes;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Targets;
using ApiKeyAuth.Management;

namespace ApiKeyAuth.Cli.Importing;

/// <summary>Imports keys by the management API of a host, which stores all keys of a request or none.</summary>
internal sealed class HostImport(HttpTarget target) : IImportTarget
{
    public string Description => target.Description;

    public int MaxKeys => 500;

    public string DescribeCancellation(int stored) => $"{stored} keys are stored for certain";

    public async Task<IReadOnlyList<ImportAnswer>> CheckAsync(IReadOnlyList<ImportRecord> records, CancellationToken cancellationToken)
    {
        ImportAnswer[] answers = [.. records.Select(record => new ImportAnswer(FindProblem(record.Key!)))];
        await SendAsync(records, answers, isDryRun: true, cancellationToken);
        return answers;
    }

    public async Task<IReadOnlyList<ImportAnswer>> StoreAsync(IReadOnlyList<ImportRecord> records, CancellationToken cancellationToken)
    {
        // A fault that another program caused meanwhile keeps the whole request from being stored.
        var answers = new ImportAnswer[records.Count];
        while (!await SendAsync(records, answers, isDryRun: false, cancellationToken))
        {
        }

        return answers;
    }

    private static string? FindProblem(ImportedApiKey key) =>
        key.Id is not null ? "has an ID, and a host gives each key a new one; remove it, or pass --connection"
        : key.Key.TenantId is not null ? "has a tenant, and a host takes that of the caller's key; remove it, or pass --connection"
        : null;

    /// <summary>Sends the keys without a problem.</summary>
    /// <returns>False if the host found problems with some of them.</returns>
    private async Task<bool> SendAsync(
        IReadOnlyList<ImportRecord> records, ImportAnswer[] answers, bool isDryRun, CancellationToken cancellationToken)
    {
        int[] pending = [.. answers.Index().Where(answer => answer.Item.Problem is null).Select(answer => answer.Index)];
        if (pending.Length == 0)
        {
            return true;
        }

        try
        {
            var keys = new JsonArray([.. pending.Select(index => ImportRequest.Create(records[index].Key!))]);
            var outcomes = (await target.ImportAsync(keys, isDryRun, cancellationToken))["keys"]!.AsArray();
            foreach (var (index, outcome) in pending.Zip(outcomes))
            {
                answers[index] = new ImportAnswer(IsPresent: (string?)outcome!["outcome"] == "exists");
            }

            return true;
        }
        catch (ToolException exception) when (exception.Errors?.Any(error => ParseIndex(error.Key) < pending.Length) == true)
        {
            foreach (var error in exception.Errors.Where(error => ParseIndex(error.Key) < pending.Length))
            {
                var member = error.Key[(error.Key.IndexOf(']', StringComparison.Ordinal) + 1)..].TrimStart('.');
                ref var answer = ref answers[pending[ParseIndex(error.Key)!.Value]];
                var problem = $"{member} {SecretText.ToLine((string?)error.Value ?? "")}".Trim();
                answer = new ImportAnswer(answer.Problem is null ? problem : $"{answer.Problem}; {problem}");
            }

            return false;
        }
    }

    /// <summary>Reads the number of the key in the name of a member, such as <c>keys[3].name</c>.</summary>
    private static int? ParseIndex(string name) =>
        name.StartsWith("keys[", StringComparison.Ordinal) && name.IndexOf(']', StringComparison.Ordinal) is > 5 and var end
        && int.TryParse(name.AsSpan(5, end - 5), System.Globalization.NumberStyles.None, null, out var index)
            ? index
            : null;
}
