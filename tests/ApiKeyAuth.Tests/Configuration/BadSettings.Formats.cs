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
        External("Separator", """{ "Alphabet": "Base62", "Length": 48, "Separator": "hunter2" }"""),
        External("Separator", """{ "Alphabet": "Base62", "Length": 48, "Separator": "a" }"""),
        External("Separator", """{ "Alphabet": "Base64Url", "Length": 48, "Separator": "_" }"""),
        External("Separator", """{ "Alphabet": "Base62", "Length": 48, "Separator": "," }"""),
        External("Separator", """{ "Alphabet": "Base62", "Length": 48, "Separator": " " }"""),
        External("Separator", """{ "Alphabet": "Guid", "Separator": "." }"""),
        External("Alphabet", """{ "Prefix": "hunter2", "Separator": ".", "Length": 48 }"""),
        External("Prefix", """{ "Prefix": "hunter2-" }"""),
        Case("AcceptedFormats:1:Length", """
            { "AcceptedFormats": [{ "Alphabet": "Guid" }, { "Alphabet": "Hex" }] }
            """),
        Case("Format", """
            { "AcceptedFormats": [{ "Alphabet": "Hex", "Length": 32 }, { "Alphabet": "Hex", "MinLength": 32, "MaxLength": 32 }] }
            """),
        Case("Format", """{ "AcceptedFormats": [{ "Alphabet": "Guid" }, { "Alphabet": "Guid" }] }"""),
    ];

    private static TestCaseData<string, string>[] HashAlgorithms =>
    [
        Case("HashAlgorithms", """{ "HashAlgorithms": "hunter2" }"""),
        Case("HashAlgorithms:0", """{ "HashAlgorithms": ["hunter2"] }"""),
        Case("HashAlgorithms:0", """{ "HashAlgorithms": ["Seam"] }"""),
        Case("HashAlgorithms", """{ "HashAlgorithms": ["seam", "sanctum", "seam"] }"""),
        Case("HashAlgorithms:0:Name", """{ "HashAlgorithms": [{ "Separator": "." }] }"""),
        Case("HashAlgorithms:0:Name", """{ "HashAlgorithms": [{ "Name": "Hunter2", "Separator": "." }] }"""),
        Case("HashAlgorithms:0:Separator", """{ "HashAlgorithms": [{ "Name": "a" }] }"""),
        Case("HashAlgorithms:0:Separator", """{ "HashAlgorithms": [{ "Name": "a", "Separator": "hunter2" }] }"""),
        Case("HashAlgorithms:0:AfterLast", """{ "HashAlgorithms": [{ "Name": "a", "Separator": ".", "AfterLast": "hunter2" }] }"""),
        Case("HashAlgorithms:0:Part", """{ "HashAlgorithms": [{ "Name": "a", "Separator": ".", "Part": "hunter2" }] }"""),
        Case("Keys:0:Hash", """{ "HashAlgorithms": ["seam"], "Keys": [{ "Id": "a", "Hash": "seam:hunter2" }] }"""),
        Case("Keys:0:Hash", """
            { "Keys": [{ "Id": "a", "Hash": "seam:a_b_ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" }] }
            """),
        Case("Keys:0:Hash", """
            { "Keys": [{ "Id": "a", "Hash": "legacy:seam:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" }] }
            """),
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
