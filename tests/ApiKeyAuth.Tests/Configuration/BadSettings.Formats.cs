namespace ApiKeyAuth.Tests.Configuration;

internal static partial class BadSettings
{
    private static TestCaseData<string, string>[] ExternalFormats =>
    [
        External("Alphabet", """{ "Prefix": "sk-", "Length": 48 }"""),
        External("Alphabet", """{ "Prefix": "sk-", "Length": 48, "Alphabet": null }"""),
        External("Alphabet", """{ "Prefix": "sk-", "Length": 48, "Alphabet": "hunter2" }"""),
        External("Alphabet", """{ "Prefix": "sk-", "Length": 48, "Alphabet": "1" }"""),
        External("Alphabet", """{ "Prefix": "sk-", "Length": 48, "Alphabet": "Base62, Hex" }"""),
        External("Alphabet", """{ "Prefix": "sk-", "Length": 48, "Alphabet": ["hunter2"] }"""),
        External("Length", """{ "Prefix": "sk-", "Alphabet": "Base62" }"""),
        External("Length", """{ "Alphabet": "Base62", "Length": null }"""),
        External("Length", """{ "Alphabet": "Base62", "Length": "hunter2" }"""),
        External("Length", """{ "Alphabet": "Base62", "Length": 31337 }"""),
        External("Length", """{ "Alphabet": "Base62", "Length": 15 }"""),
        External("Length", """{ "Alphabet": "Base62", "Length": -1 }"""),
        External("Length", """{ "Alphabet": "Base62", "Length": 48, "MaxLength": 48 }"""),
        External("Length", """{ "Alphabet": "Guid", "Length": 36 }"""),
        External("MinLength", """{ "Alphabet": "Base62", "MinLength": 40, "MaxLength": 20 }"""),
        External("MinLength", """{ "Alphabet": "Base62", "MinLength": "hunter2", "MaxLength": 20 }"""),
        External("MinLength", """{ "Alphabet": "Base62", "MinLength": 3, "MaxLength": 20 }"""),
        External("MinLength", """{ "Alphabet": "Base62", "MaxLength": 20 }"""),
        External("MaxLength", """{ "Alphabet": "Base62", "MinLength": 20 }"""),
        External("MaxLength", """{ "Alphabet": "Base62", "MinLength": 20, "MaxLength": 31337 }"""),
        External("Prefix", """{ "Prefix": "hunter2 hunter2", "Alphabet": "Base62", "Length": 48 }"""),
        External("Prefix", """{ "Prefix": ["hunter2"], "Alphabet": "Base62", "Length": 48 }"""),
        External("Checksum", """{ "Prefix": "hunter2", "Alphabet": "Base62", "Length": 48, "Checksum": true }"""),
        External("Environments", """{ "Prefix": "hunter2", "Alphabet": "Base62", "Length": 48, "Environments": ["hunter2"] }"""),
        External("Prefix", """{ "Prefix": "hunter2-" }"""),
        Case("AcceptedFormats:1:Length", """
            { "AcceptedFormats": [{ "Alphabet": "Guid" }, { "Alphabet": "Hex" }] }
            """),
        Case("Format", """
            { "AcceptedFormats": [{ "Alphabet": "Hex", "Length": 32 }, { "Alphabet": "Hex", "MinLength": 32, "MaxLength": 32 }] }
            """),
        Case("Format", """{ "AcceptedFormats": [{ "Alphabet": "Guid" }, { "Alphabet": "Guid" }] }"""),
    ];

    // The prefix shows that no format accepts the key of the hash.
    private static TestCaseData<string, string>[] KeyPrefixes =>
    [
        Case("Keys:0:Prefix", """{ "Keys": [{ "Id": "a", "Hash": "@hash", "Prefix": "hunter2-" }] }"""),
        Case("Keys:0:Prefix", """{ "Keys": [{ "Id": "a", "Hash": "@hash", "Prefix": "key_prod_" }] }"""),
        Case("Keys:0:Prefix", """{ "Keys": [{ "Id": "a", "Hash": "@hash", "Prefix": ["hunter2"] }] }"""),
        Case("Keys:0:Prefix", """
            {
              "AcceptedFormats": [{ "Alphabet": "Hex", "Length": 32 }],
              "Keys": [{ "Id": "a", "Hash": "@hash", "Prefix": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }]
            }
            """),
        Case("Keys:0:Id", """
            {
              "AcceptedFormats": [{ "Prefix": "sk-", "Alphabet": "Base62", "Length": 32 }],
              "Keys": [{ "Id": "sk-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "Hash": "@hash" }]
            }
            """),
        Case("Keys:a:Prefix", """
            {
              "AcceptedFormats": [{ "Prefix": "sk-", "Alphabet": "Base62", "Length": 48 }],
              "Keys": { "a": { "Hash": "@hash", "Prefix": "sk_" } }
            }
            """),
    ];

    private static TestCaseData<string, string> External(string path, string format) =>
        Case("AcceptedFormats:0:" + path, $$"""{ "AcceptedFormats": [{{format}}] }""");
}
