namespace ApiKeyAuth.Tests.Configuration;

internal static partial class BadSettings
{
    private static TestCaseData<string, string>[] UnknownMembers =>
    [
        Case("Cahce", """{ "Cahce": "hunter2" }"""),
        Case("Cahce", """{ "Cahce": { "a": "hunter2" } }"""),
        Case("Format:Prefx", """{ "Format": { "Prefx": "hunter2" } }"""),
        Case("AcceptedFormats:0:Bytes", """{ "AcceptedFormats": [{ "Prefix": "a", "Bytes": "hunter2" }] }"""),
        Case("Scopes:0:Rate", """{ "Scopes": [{ "Name": "a", "Rate": "hunter2" }] }"""),
        Case("Peppers:0:Old", """{ "Peppers": [{ "Id": "a", "Secret": "@pepper", "Old": "hunter2" }] }"""),
        Case("Cache:Size", """{ "Cache": { "Size": "hunter2" } }"""),
        Case("Backplane:Lease", """{ "Backplane": { "Lease": "999ms" } }"""),
        Case("Backplane:Lease", """{ "Backplane": { "Lease": "31337s" } }"""),
        Case("Backplane", """{ "Backplane": "hunter2" }"""),
        Case("RateLimiting:Dflt", """{ "RateLimiting": { "Dflt": "hunter2" } }"""),
        Case("RateLimiting:Tenants:0:Limit", """{ "RateLimiting": { "Tenants": [{ "Id": "a", "Limit": "hunter2" }] } }"""),
        Case("Errors:Fold", """{ "Errors": { "Fold": "hunter2" } }"""),
        Case("Schemes:ApiKey:Headr", """{ "Schemes": { "ApiKey": { "Headr": "hunter2" } } }"""),
        Case("Keys:0:Scope", """{ "Keys": [{ "Id": "a", "Hash": "@hash", "Scope": "hunter2" }] }"""),
        Case("Keys:0:Metadata:b:c", """{ "Keys": [{ "Id": "a", "Hash": "@hash", "Metadata": { "b": { "c": "hunter2" } } }] }"""),
        Case("Cache:StoreTimeout", """{ "Scopes": ["a"], "Cache": { "StoreTimeout": { "Seconds": "31337" } } }"""),
    ];

    private static TestCaseData<string, string>[] WrongKinds =>
    [
        Case("Cache", """{ "Cache": "hunter2" }"""),
        Case("Format", """{ "Format": "hunter2" }"""),
        Case("Errors", """{ "Errors": "hunter2" }"""),
        Case("Schemes", """{ "Schemes": "hunter2" }"""),
        Case("RateLimiting", """{ "RateLimiting": "hunter2" }"""),
        Case("Keys", """{ "Keys": "hunter2" }"""),
        Case("Scopes", """{ "Scopes": "hunter2" }"""),
        Case("Peppers", """{ "Peppers": "hunter2" }"""),
        Case("AcceptedFormats", """{ "AcceptedFormats": "hunter2" }"""),
        Case("RateLimiting:Tenants", """{ "RateLimiting": { "Tenants": "hunter2" } }"""),
        Case("AcceptedFormats:0", """{ "AcceptedFormats": ["hunter2"] }"""),
        Case("Schemes:ApiKey", """{ "Schemes": { "ApiKey": "hunter2" } }"""),
        Case("Schemes:0", """{ "Schemes": [{ "Headers": "hunter2" }] }"""),
        Case("Schemes:ApiKey:0", """{ "Schemes": { "ApiKey": ["hunter2"] } }"""),
        Case("Errors:ReportExpiredAsInvalid", """{ "Errors": { "ReportExpiredAsInvalid": "hunter2" } }"""),
        Case("Errors:ReportMissingAsInvalid", """{ "Errors": { "ReportMissingAsInvalid": 1 } }"""),
        Case("Errors:ReportWrongAudienceAsInvalid", """{ "Errors": { "ReportWrongAudienceAsInvalid": [true] } }"""),
        Case("Errors:DocumentationUrl", """{ "Errors": { "DocumentationUrl": "hunter2" } }"""),
        Case("Errors:DocumentationUrl", """{ "Errors": { "DocumentationUrl": "https://docs.example.com/#hunter2" } }"""),
        Case("AcceptUnpepperedHashes", """{ "AcceptUnpepperedHashes": "hunter2" }"""),
    ];

    private static TestCaseData<string, string>[] Cache =>
    [
        Case("Cache:KnownKeyLifetime", """{ "Cache": { "KnownKeyLifetime": "2" } }"""),
        Case("Cache:KnownKeyLifetime", """{ "Cache": { "KnownKeyLifetime": "-1s" } }"""),
        Case("Cache:KnownKeyLifetime", """{ "Cache": { "KnownKeyLifetime": "25:00:00" } }"""),
        Case("Cache:KnownKeyLifetime", """{ "Cache": { "KnownKeyLifetime": "-00:00:01" } }"""),
        Case("Cache:KnownKeyLifetime", """{ "Cache": { "KnownKeyLifetime": "hunter2s" } }"""),
        Case("Cache:KnownKeyLifetime", """{ "Cache": { "KnownKeyLifetime": "" } }"""),
        Case("Cache:KnownKeyLifetime", """{ "Cache": { "KnownKeyLifetime": "31337s" } }"""),
        Case("Cache:UnknownKeyLifetime", """{ "Cache": { "UnknownKeyLifetime": "1.5s" } }"""),
        Case("Cache:UnknownKeyLifetime", """{ "Cache": { "UnknownKeyLifetime": "2h" } }"""),
        Case("Cache:MaxStaleness", """{ "Cache": { "MaxStaleness": "25h" } }"""),
        Case("Cache:MaxStaleness", """{ "Cache": { "MaxStaleness": "99999999999999999999d" } }"""),
        Case("Cache:StoreTimeout", """{ "Cache": { "StoreTimeout": "0s" } }"""),
        Case("Cache:StoreTimeout", """{ "Cache": { "StoreTimeout": "9ms" } }"""),
        Case("Cache:StoreTimeout", """{ "Cache": { "StoreTimeout": ["1s"] } }"""),
        Case("Cache:MaxKnownKeys", """{ "Cache": { "MaxKnownKeys": 0 } }"""),
        Case("Cache:MaxKnownKeys", """{ "Cache": { "MaxKnownKeys": -31337 } }"""),
        Case("Cache:MaxKnownKeys", """{ "Cache": { "MaxKnownKeys": "many hunter2" } }"""),
        Case("Cache:MaxKnownKeys", """{ "Cache": { "MaxKnownKeys": "1,000" } }"""),
        Case("Cache:MaxKnownKeys", """{ "Cache": { "MaxKnownKeys": 31337000 } }"""),
        Case("Cache:MaxUnknownKeys", """{ "Cache": { "MaxUnknownKeys": 1.5 } }"""),
        Case("Cache:MaxUnknownKeys", """{ "Cache": { "MaxUnknownKeys": 99999999999 } }"""),
    ];

    private static TestCaseData<string, string>[] RateLimits =>
    [
        Case("RateLimiting:Default", """{ "RateLimiting": { "Default": "0/hour" } }"""),
        Case("RateLimiting:Default", """{ "RateLimiting": { "Default": "-5/hour" } }"""),
        Case("RateLimiting:Default", """{ "RateLimiting": { "Default": "hunter2/hour" } }"""),
        Case("RateLimiting:Default", """{ "RateLimiting": { "Default": "100" } }"""),
        Case("RateLimiting:Default", """{ "RateLimiting": { "Default": "1/hour;31337/60 minutes" } }"""),
        Case("RateLimiting:Default", """{ "RateLimiting": { "Default": ["1/hour", "hunter2"] } }"""),
        Case("RateLimiting:Default:Hour", """{ "RateLimiting": { "Default": { "Hour": { "a": "hunter2" } } } }"""),
        Case("RateLimiting:PerTenant", """{ "RateLimiting": { "PerTenant": "hunter2" } }"""),
        Case("RateLimiting:Tenants:0:Id", """{ "RateLimiting": { "Tenants": [{ "RateLimits": "1/hour" }] } }"""),
        Case("RateLimiting:Tenants:0:RateLimits", """{ "RateLimiting": { "Tenants": [{ "Id": "a", "RateLimits": "hunter2" }] } }"""),
        Case("RateLimiting:Tenants:1:Id", """{ "RateLimiting": { "Tenants": [{ "Id": "hunter2" }, { "Id": "hunter2" }] } }"""),
        Case("RateLimiting:Tenants:0", """{ "RateLimiting": { "Tenants": ["hunter2"] } }"""),
        Case("RateLimiting:FailedAuthentications", """{ "RateLimiting": { "FailedAuthentications": "hunter2" } }"""),
        Case("RateLimiting:FailedAuthentications", """{ "RateLimiting": { "FailedAuthentications": ["1/hour"] } }"""),
        Case("RateLimiting:Headers", """{ "RateLimiting": { "Headers": "hunter2" } }"""),
        Case("RateLimiting:Headers", """{ "RateLimiting": { "Headers": "3" } }"""),
        Case("RateLimiting:Headers", """{ "RateLimiting": { "Headers": "XRateLimit, Ietf" } }"""),
        Case("RateLimiting:Headers", """{ "RateLimiting": { "Headers": "" } }"""),
        Case("RateLimiting:ChargeRejectedRequests", """{ "RateLimiting": { "ChargeRejectedRequests": "hunter2" } }"""),
    ];

    private static TestCaseData<string, string>[] Lists =>
    [
        Case("Format:Environments", """{ "Format": { "Environments": "hunter2" } }"""),
        Case("Format:Environments:0", """{ "Format": { "Environments": [{ "a": "hunter2" }] } }"""),
        Case("Schemes:a:Environments", """{ "Schemes": { "a": { "Environments": "hunter2" } } }"""),
        Case("Scopes:0:Implies", """{ "Scopes": [{ "Name": "a", "Implies": "hunter2" }] }"""),
        Case("Keys:0:Scopes", """{ "Keys": [{ "Id": "a", "Hash": "@hash", "Scopes": "hunter2" }] }"""),
        Case("Keys:0:Networks", """{ "Keys": [{ "Id": "a", "Hash": "@hash", "Networks": "hunter2" }] }"""),
        Case("Keys:0:Audiences", """{ "Keys": [{ "Id": "a", "Hash": "@hash", "Audiences": "hunter2" }] }"""),
        Case("Keys:0:Metadata", """{ "Keys": [{ "Id": "a", "Hash": "@hash", "Metadata": "hunter2" }] }"""),
        Case("Keys:0:Hash", """{ "Keys": [{ "Id": "a", "Hashes": [] }] }"""),
        Case("Keys:0:Hash", """{ "Keys": [{ "Id": "a", "Hash": ["@hash"] }] }"""),
        Case("Keys:0:Name", """{ "Keys": [{ "Id": "a", "Hash": "@hash", "Name": ["hunter2"] }] }"""),
    ];
}
