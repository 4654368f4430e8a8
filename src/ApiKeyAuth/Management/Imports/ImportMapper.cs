using ApiKeyAuth.Keys.Internal;
using ApiKeyAuth.Management.Endpoints;

namespace ApiKeyAuth.Management.Imports;

/// <summary>Maps the keys of a request to import, and reports texts that cannot be parsed.</summary>
internal static class ImportMapper
{
    public static ImportedApiKey Map(ImportedApiKeyDocument? body)
    {
        body ??= new ImportedApiKeyDocument();
        var key = KeyRequestMapper.Map(body);
        var created = body.CreatedAt is null ? null : StartTime.Parse(body.CreatedAt);
        if (body.CreatedAt is not null && created is null)
        {
            key = key with
            {
                ParseErrors = new Dictionary<string, string>(key.ParseErrors, StringComparer.Ordinal)
                {
                    ["createdAt"] = "must be a date (2025-12-31) or a time with its offset (2025-12-31T10:00:00Z)",
                },
            };
        }

        return new ImportedApiKey
        {
            Key = key,
            Hash = body.Hash ?? "",
            HashAlgorithm = body.HashAlgorithm,
            AdditionalHashes = body.AdditionalHashes ?? [],
            Enabled = body.Enabled ?? true,
            Prefix = body.Prefix,
            Hint = body.Hint ?? "",
            CreatedAt = created,
        };
    }
}
