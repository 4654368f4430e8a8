namespace ApiKeyAuth.Tests.Configuration;

internal static partial class BadSettings
{
    private static TestCaseData<string, string>[] Formats =>
    [
        Case("Format:SecretBytes", """{ "Format": { "SecretBytes": 8 } }"""),
        Case("Format:SecretBytes", """{ "Format": { "SecretBytes": 31337 } }"""),
        Case("Format:SecretBytes", """{ "Format": { "SecretBytes": "thirty hunter2" } }"""),
        Case("Format:Prefix", """{ "Format": { "Prefix": "hunter2_" } }"""),
        Case("Format:Prefix", """{ "Format": { "Prefix": "hunter2 hunter2" } }"""),
        Case("Format:Prefix", """{ "Format": { "Prefix": { "a": "hunter2" } } }"""),
        Case("Format:Environments:0", """{ "Format": { "Environments": ["Hunter2", "live"] } }"""),
        Case("Format:Environments:2", """{ "Format": { "Environments": ["live", "hunter2", "hunter2"] } }"""),
        Case("Format:Encoding", """{ "Format": { "Encoding": "hunter2" } }"""),
        Case("Format:Encoding", """{ "Format": { "Encoding": "1" } }"""),
        Case("Format:Encoding", """{ "Format": { "Encoding": "+1" } }"""),
        Case("Format:Encoding", """{ "Format": { "Encoding": "Base62, Hex" } }"""),
        Case("Format:Checksum", """{ "Format": { "Checksum": "hunter2" } }"""),
        Case("AcceptedFormats:1:Prefix", """{ "AcceptedFormats": [{ "Prefix": "a" }, { "Prefix": "hunter2_" }] }"""),
        Case("Format", """{ "AcceptedFormats": [{}, { "Prefix": "key" }] }"""),
        Case("Format", """{ "Format": { "Prefix": "", "Environments": [] } }"""),
    ];

    private static TestCaseData<string, string>[] Scopes =>
    [
        Case("Scopes:0", """{ "Scopes": ["hunter2 hunter2"] }"""),
        Case("Scopes:0:Name", """{ "Scopes": [{ "Name": "hunter2:a:b" }] }"""),
        Case("Scopes:0:Name", """{ "Scopes": [{ "Description": "hunter2" }] }"""),
        Case("Scopes", """{ "Scopes": ["a", "a"] }"""),
        Case("Scopes", """{ "Scopes": ["a", { "Name": "a", "Description": "hunter2" }] }"""),
        Case("Scopes", """{ "Scopes": ["orders:*"] }"""),
        Case("Scopes", """{ "Scopes": [{ "Name": "a", "Implies": ["b"] }] }"""),
        Case("Scopes:0:Implies:1", """{ "Scopes": [{ "Name": "a", "Implies": ["a", "hunter2 b"] }] }"""),
        Case("Scopes:0:RateLimits", """{ "Scopes": [{ "Name": "a", "RateLimits": "hunter2" }] }"""),
        Case("Scopes:0:RateLimits", """{ "Scopes": [{ "Name": "a", "RateLimits": ["0/hour"] }] }"""),
        Case("Scopes:0:GrantedByDefault", """{ "Scopes": [{ "Name": "a", "GrantedByDefault": "hunter2" }] }"""),
        Case("Scopes:0:Name", """{ "Scopes": [{ "Name": ["hunter2"] }] }"""),
    ];

    private static TestCaseData<string, string>[] Peppers =>
    [
        Case("Peppers:0:Secret", """{ "Peppers": [{ "Id": "a", "Secret": "hunter2" }] }"""),
        Case("Peppers:0:Secret", """{ "Peppers": [{ "Id": "a", "Secret": "QUFBQUFBQUE=" }] }"""),
        Case("Peppers:0:Secret", """{ "Peppers": [{ "Id": "a" }] }"""),
        Case("Peppers:0:Secret", """{ "Peppers": [{ "Id": "a", "Secret": "@pepper hunter2" }] }"""),
        Case("Peppers:0:Id", """{ "Peppers": [{ "Secret": "@pepper" }] }"""),
        Case("Peppers:0:Id", """{ "Peppers": [{ "Id": "hunter2:", "Secret": "@pepper" }] }"""),
        Case("Peppers:0:Retired", """{ "Peppers": [{ "Id": "a", "Secret": "@pepper", "Retired": "hunter2" }] }"""),
        Case("Peppers", """{ "Peppers": [{ "Id": "a", "Secret": "@pepper" }, { "Id": "b", "Secret": "@pepper" }] }"""),
        Case("Peppers", """{ "Peppers": [{ "Id": "a", "Secret": "@pepper" }, { "Id": "a", "Secret": "@pepper", "Retired": true }] }"""),
        Case("Peppers", """{ "AcceptUnpepperedHashes": false }"""),
    ];

    private static TestCaseData<string, string>[] Schemes =>
    [
        Case("Schemes:a:Bearer", """{ "Schemes": { "a": { "Bearer": "hunter2" } } }"""),
        Case("Schemes:a:AuthorizationSchemes", """{ "Schemes": { "a": { "AuthorizationSchemes": "hunter2 x" } } }"""),
        Case("Schemes:a:AuthorizationSchemes:1", """{ "Schemes": { "a": { "AuthorizationSchemes": ["Bearer", "bearer"] } } }"""),
        Case("Schemes:a:AuthorizationSchemes:x", """{ "Schemes": { "a": { "AuthorizationSchemes": { "x": { "y": "hunter2" } } } } }"""),
        Case("Schemes:a:Headers", """{ "Schemes": { "a": { "Headers": "hunter2:" } } }"""),
        Case("Schemes:a:Headers:1", """{ "Schemes": { "a": { "Headers": ["X-A", "hunter2:"] } } }"""),
        Case("Schemes:a:Headers:1", """{ "Schemes": { "a": { "Headers": ["X-A", "x-a"] } } }"""),
        Case("Schemes:a:Headers:1", """{ "Schemes": { "a": { "Headers": ["X-A", null] } } }"""),
        Case("Schemes:a:Headers", """{ "Schemes": { "a": { "Headers": ["X-A", "Authorization"] } } }"""),
        Case("Schemes:a:UnsafeQueryParameter", """{ "Schemes": { "a": { "UnsafeQueryParameter": "hunter2=" } } }"""),
        Case("Schemes:a:Environments:1", """{ "Schemes": { "a": { "Environments": ["live", "hunter2"] } } }"""),
        Case("Schemes:a:Realm", """{ "Schemes": { "a": { "Realm": "hunter2\n" } } }"""),
        Case("Schemes:a", """{ "Schemes": { "a": { "AuthorizationSchemes": [], "Headers": "" } } }"""),
        Case("Schemes:a", """{ "Schemes": { "a": { "AuthorizationSchemes": "", "Headers": null } } }"""),
    ];

    private static TestCaseData<string, string>[] Keys =>
    [
        Case("Keys:0:Id", """{ "Keys": [{ "Hash": "@hash" }] }"""),
        Case("Keys:0:Id", """{ "Keys": [{ "Id": "", "Hash": "@hash" }] }"""),
        Case("Keys:0:Id", """{ "Keys": [{ "Id": "hunter2\u0000", "Hash": "@hash" }] }"""),
        Case("Keys:1:Id", """{ "Keys": [{ "Id": "hunter2", "Hash": "@hash" }, { "Id": "hunter2", "Hash": "@other" }] }"""),
        Case("Keys:0:Environment", """{ "Keys": [{ "Id": "a", "Hash": "@hash", "Environment": "hunter2" }] }"""),
        Case("Keys:0:Scopes:1", """{ "Scopes": ["a"], "Keys": [{ "Id": "a", "Hash": "@hash", "Scopes": ["a", "b"] }] }"""),
        Case("Keys:0:Scopes:0", """{ "Scopes": ["a"], "Keys": [{ "Id": "a", "Hash": "@hash", "Scopes": ["b:*"] }] }"""),
        Case("Keys:0:Scopes:0", """{ "Keys": [{ "Id": "a", "Hash": "@hash", "Scopes": ["hunter2 b"] }] }"""),
        Case("Keys:0:RateLimits", """{ "Keys": [{ "Id": "a", "Hash": "@hash", "RateLimits": "hunter2" }] }"""),
        Case("Keys:0:Networks:1", """{ "Keys": [{ "Id": "a", "Hash": "@hash", "Networks": ["10.0.0.0/8", "hunter2"] }] }"""),
        Case("Keys:0:Networks:0", """{ "Keys": [{ "Id": "a", "Hash": "@hash", "Networks": ["31337"] }] }"""),
        Case("Keys:0:Networks:0", """{ "Keys": [{ "Id": "a", "Hash": "@hash", "Networks": ["10/8"] }] }"""),
        Case("Keys:0:Networks:0", """{ "Keys": [{ "Id": "a", "Hash": "@hash", "Networks": ["203.0.113.5/24"] }] }"""),
        Case("Keys:0:Networks:0", """{ "Keys": [{ "Id": "a", "Hash": "@hash", "Networks": ["010.0.0.1/32"] }] }"""),
        Case("Keys:0:Networks:0", """{ "Keys": [{ "Id": "a", "Hash": "@hash", "Networks": ["::ffff:10.0.0.0/104"] }] }"""),
        Case("Keys:0:Networks:0", """{ "Keys": [{ "Id": "a", "Hash": "@hash", "Networks": ["fe80::1%2"] }] }"""),
        Case("Keys:0:Networks:0", """{ "Keys": [{ "Id": "a", "Hash": "@hash", "Networks": ["10.0.0.0/33"] }] }"""),
        Case("Keys:0:Networks:0", """{ "Keys": [{ "Id": "a", "Hash": "@hash", "Networks": [""] }] }"""),
        Case("Keys:0:Enabled", """{ "Keys": [{ "Id": "a", "Hash": "@hash", "Enabled": "hunter2" }] }"""),
        Case("Keys:0:ExpiresAt", """{ "Keys": [{ "Id": "a", "Hash": "@hash", "ExpiresAt": "hunter2" }] }"""),
        Case("Keys:0:ExpiresAt", """{ "Keys": [{ "Id": "a", "Hash": "@hash", "ExpiresAt": "31.12.2027" }] }"""),
        Case("Keys:0:ExpiresAt", """{ "Keys": [{ "Id": "a", "Hash": "@hash", "ExpiresAt": "2027-12-31T10:00:00" }] }"""),
        Case("Keys:0:NotBefore", """{ "Keys": [{ "Id": "a", "Hash": "@hash", "NotBefore": "hunter2" }] }"""),
        Case("Keys:0:NotBefore", """{ "Keys": [{ "Id": "a", "Hash": "@hash", "NotBefore": "2027-12-31T10:00:00" }] }"""),
        Case("Keys:0:NotBefore", """{ "Keys": [{ "Id": "a", "Hash": "@hash", "NotBefore": "2028-01-01", "ExpiresAt": "2027-12-31" }] }"""),
        Case("Keys:0:ExpiresAfterIdleDays", """{ "Keys": [{ "Id": "a", "Hash": "@hash", "ExpiresAfterIdleDays": 5 }] }"""),
    ];

    private static TestCaseData<string, string>[] Hashes =>
    [
        Case("Keys:0:Hash", """{ "Keys": [{ "Id": "a" }] }"""),
        Case("Keys:0:Hash", """{ "Keys": [{ "Id": "a", "Hash": "hunter2" }] }"""),
        Case("Keys:0:Hash", """{ "Keys": [{ "Id": "a", "Hash": "" }] }"""),
        Case("Keys:0:Hash", """{ "Keys": [{ "Id": "a", "Hash": "@hash00" }] }"""),
        Case("Keys:0:Hashes:1", """{ "Keys": [{ "Id": "a", "Hashes": ["@hash", "hunter2"] }] }"""),
        Case("Keys:0:Hashes:1", """{ "Keys": [{ "Id": "a", "Hashes": ["@hash", "@hash"] }] }"""),
        Case("Keys:1:Hash", """{ "Keys": [{ "Id": "a", "Hash": "@hash" }, { "Id": "b", "Hash": "@hash" }] }"""),
        Case("Keys:0:Hash", """{ "Keys": [{ "Id": "a", "Hash": "hmac-@hash" }] }"""),
        Case(
            "Keys:0:Hash",
            """{ "Keys": [{ "Id": "a", "Hash": "hmac-sha256:p:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }] }"""),
        Case("Keys:0:Hash", """{ "Peppers": [{ "Id": "p", "Secret": "@pepper" }], "Keys": [{ "Id": "a", "Hash": "@hash" }] }"""),
        Case("Keys:0:Key", """{ "Keys": [{ "Id": "a", "Key": "hunter2" }] }"""),
    ];
}
