using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using ApiKeyAuth.Cli.Targets;

namespace ApiKeyAuth.Cli.Scanning;

/// <summary>Collects findings, and looks each key up once if there is a store.</summary>
/// <param name="target">The store, or null.</param>
internal sealed class FindingLog(DatabaseTarget? target) : IDisposable
{
    private readonly ConcurrentBag<ScanFinding> _findings = [];
    private readonly Dictionary<string, (string Status, string? KeyId)> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _secrets = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Gets the findings by path and line.</summary>
    public List<ScanFinding> Sorted =>
    [
        .. _findings.OrderBy(finding => finding.Path, StringComparer.Ordinal).ThenBy(finding => finding.Line)
            .ThenBy(finding => finding.Column),
    ];

    /// <summary>Gets each secret with the kind of place where it was found, to report them. They are not written anywhere.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>> Secrets => _secrets;

    public async Task AddAsync(KeyHit hit, ScanFinding finding, CancellationToken cancellationToken)
    {
        _secrets.TryAdd(hit.Secret, finding.Commit is null ? "file" : "commit");
        if (target is null)
        {
            _findings.Add(finding);
            return;
        }

        var (status, keyId) = await LookUpAsync(target, hit.Secret, cancellationToken);
        _findings.Add(finding with { Status = status, KeyId = keyId });
    }

    public void Dispose() => _turn.Dispose();

    private async Task<(string Status, string? KeyId)> LookUpAsync(
        DatabaseTarget store, string secret, CancellationToken cancellationToken)
    {
        var digest = Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(secret)));
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (!_known.TryGetValue(digest, out var result))
            {
                var record = await store.FindRecordAsync(secret, cancellationToken);
                result = record is null ? ("unknown", null) : ((string)record["status"]!, (string)record["id"]!);
                _known[digest] = result;
            }

            return result;
        }
        finally
        {
            _turn.Release();
        }
    }
}
