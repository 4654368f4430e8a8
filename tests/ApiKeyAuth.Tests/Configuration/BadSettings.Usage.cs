namespace ApiKeyAuth.Tests.Configuration;

internal static partial class BadSettings
{
    private static TestCaseData<string, string>[] Usage =>
    [
        Case("Usage", """{ "Usage": "hunter2" }"""),
        Case("Usage:Interval", """{ "Usage": { "Interval": "hunter2" } }"""),
        Case("Usage:Enabled", """{ "Usage": { "Enabled": "hunter2" } }"""),
        Case("Usage:FlushInterval", """{ "Usage": { "FlushInterval": "500ms" } }"""),
        Case("Usage:FlushInterval", """{ "Usage": { "FlushInterval": "11m" } }"""),
        Case("Usage:FlushInterval", """{ "Usage": { "FlushInterval": "hunter2" } }"""),
        Case("Usage:MaxPendingRows", """{ "Usage": { "MaxPendingRows": 999 } }"""),
        Case("Usage:MaxPendingRows", """{ "Usage": { "MaxPendingRows": "many hunter2" } }"""),
        Case("Usage:MaxNetworksPerKey", """{ "Usage": { "MaxNetworksPerKey": -31337 } }"""),
        Case("Usage:CountryHeader", """{ "Usage": { "CountryHeader": "hunter2 x", "CountryProxies": ["10.0.0.1"] } }"""),
        Case("Usage:CountryHeader", """{ "Usage": { "CountryHeader": "CF-IPCountry" } }"""),
        Case("Usage:CountryProxies:1", """{ "Usage": { "CountryHeader": "CF-IPCountry", "CountryProxies": ["10.0.0.0/8", "hunter2"] } }"""),
        Case("Usage:CountryProxies", """{ "Usage": { "CountryProxies": ["10.0.0.0/8"] } }"""),
        Case("Usage:HourlyRetention", """{ "Usage": { "HourlyRetention": "23h" } }"""),
        Case("Usage:HourlyRetention", """{ "Usage": { "HourlyRetention": "367d" } }"""),
        Case("Usage:DailyRetention", """{ "Usage": { "DailyRetention": "29d" } }"""),
        Case("Usage:DailyRetention", """{ "Usage": { "DailyRetention": "3661d" } }"""),
    ];

    private static TestCaseData<string, string>[] Alerts =>
    [
        Case("Alerts", """{ "Alerts": "hunter2" }"""),
        Case("Alerts:HighUse", """{ "Alerts": { "HighUse": "hunter2" } }"""),
        Case("Alerts:UnusualActivity", """{ "Alerts": { "UnusualActivity": "hunter2" } }"""),
        Case("Alerts:HighUsage", """{ "Alerts": { "HighUsage": "hunter2" } }"""),
        Case("Alerts:HighUsage:Threshold", """{ "Alerts": { "HighUsage": { "Threshold": 0, "Period": "daily" } } }"""),
        Case(
            "Alerts:HighUsage:Threshold",
            """{ "Alerts": { "HighUsage": { "Threshold": -31337, "Period": "daily" } } }"""),
        Case("Alerts:HighUsage:Threshold", """{ "Alerts": { "HighUsage": { "Threshold": 1.5, "Period": "daily" } } }"""),
        Case("Alerts:HighUsage:Threshold", """{ "Alerts": { "HighUsage": { "Period": "daily" } } }"""),
        Case("Alerts:HighUsage:Period", """{ "Alerts": { "HighUsage": { "Threshold": 1 } } }"""),
        Case("Alerts:Failures:Period", """{ "Alerts": { "Failures": { "Threshold": 1, "Period": "hunter2" } } }"""),
        Case("Alerts:Failures:Period", """{ "Alerts": { "Failures": { "Threshold": 1, "Period": "1" } } }"""),
        Case(
            "Alerts:Failures:Per",
            """{ "Alerts": { "Failures": { "Threshold": 1, "Period": "daily", "Per": "hunter2" } } }"""),
        Case("Alerts:Interval", """{ "Alerts": { "Interval": "500ms" } }"""),
        Case("Alerts:KeyExpiring", """{ "Alerts": { "KeyExpiring": "366d" } }"""),
        Case("Alerts:RetiringSecret", """{ "Alerts": { "RetiringSecret": "31d" } }"""),
        Case("Alerts:Dormant", """{ "Alerts": { "Dormant": "3661d" } }"""),
        Case("Alerts:LiveHosts:1", """{ "Alerts": { "LiveHosts": ["a.example", "hunter2:80"] } }"""),
        Case("Alerts:LiveHosts:0", """{ "Alerts": { "LiveHosts": ["https://hunter2"] } }"""),
    ];

    private static TestCaseData<string, string>[] LeakReports =>
    [
        Case("LeakReports", """{ "LeakReports": "hunter2" }"""),
        Case("LeakReports:Keys", """{ "LeakReports": { "Keys": "hunter2" } }"""),
        Case("LeakReports:PublicKeys", """{ "LeakReports": { "PublicKeys": "hunter2" } }"""),
        Case("LeakReports:PublicKeys:a", """{ "LeakReports": { "PublicKeys": { "a": "hunter2" } } }"""),
        Case("LeakReports:PublicKeys:a", """{ "LeakReports": { "PublicKeys": { "a": null } } }"""),
        Case("LeakReports:PublicKeys", """{ "LeakReports": { "PublicKeys": { "hunter2 b": "-" } } }"""),
        Case("LeakReports:Action", """{ "LeakReports": { "Action": "hunter2" } }"""),
        Case("LeakReports:Action", """{ "LeakReports": { "Action": "2" } }"""),
        Case("LeakReports:Environments:live", """{ "LeakReports": { "Environments": { "live": "hunter2" } } }"""),
        Case("LeakReports:Environments:live", """{ "LeakReports": { "Environments": { "live": null } } }"""),
        Case("LeakReports:RotationGrace", """{ "LeakReports": { "RotationGrace": "31d" } }"""),
        Case("LeakReports:Limit", """{ "LeakReports": { "Limit": "none" } }"""),
        Case("LeakReports:Limit", """{ "LeakReports": { "Limit": "hunter2" } }"""),
    ];

    private static TestCaseData<string, string>[] Webhooks =>
    [
        Case("Alerts:Webhooks", """{ "Alerts": { "Webhooks": "hunter2" } }"""),
        Case("Alerts:Webhooks:ops:Url", """{ "Alerts": { "Webhooks": { "ops": { "Secrets": ["@whsec"] } } } }"""),
        Case("Alerts:Webhooks:?", """{ "Alerts": { "Webhooks": { "a b": { "Url": "https://example.com/", "Secrets": ["@whsec"] } } } }"""),
        Case("Alerts:Webhooks:ops:Secrets", """{ "Alerts": { "Webhooks": { "ops": { "Url": "https://example.com/" } } } }"""),
        Case(
            "Alerts:Webhooks:ops:Secrets:1",
            """{ "Alerts": { "Webhooks": { "ops": { "Url": "https://example.com/", "Secrets": ["@whsec", "hunter2"] } } } }"""),
        Case(
            "Alerts:Webhooks:ops:Secrets:0",
            """{ "Alerts": { "Webhooks": { "ops": { "Url": "https://example.com/", "Secrets": ["whsec_aHVudGVyMg=="] } } } }"""),
        Case(
            "Alerts:Webhooks:ops:Secrets",
            """
            { "Alerts": { "Webhooks": { "ops": {
              "Url": "https://example.com/", "Secrets": ["@whsec", "@whsec", "@whsec", "@whsec", "@whsec"]
            } } } }
            """),
        Case(
            "Alerts:Webhooks:ops:Kinds:0",
            """{ "Alerts": { "Webhooks": { "ops": { "Url": "https://example.com/", "Secrets": ["@whsec"], "Kinds": ["hunter2"] } } } }"""),
        Case(
            "Alerts:Webhooks:ops:UnsafeAllowNetworks:0",
            """
            { "Alerts": { "Webhooks": { "ops": {
              "Url": "https://example.com/", "Secrets": ["@whsec"], "UnsafeAllowNetworks": ["hunter2"]
            } } } }
            """),
        Case(
            "Alerts:Webhooks:ops:Urls",
            """{ "Alerts": { "Webhooks": { "ops": { "Url": "https://example.com/", "Secrets": ["@whsec"], "Urls": "hunter2" } } } }"""),
    ];

    private static IEnumerable<TestCaseData<string, string>> WebhookUrls =>
        new[] { InvalidUrls, InternalHostNames, InternalIPv4Addresses, InternalIPv6Addresses, UnicodeAddresses }.SelectMany(urls => urls)
            .Select(url => Case(
                "Alerts:Webhooks:ops:Url",
                $$"""{ "Alerts": { "Webhooks": { "ops": { "Url": "{{url}}", "Secrets": ["@whsec"] } } } }"""));

    private static string[] InvalidUrls =>
    [
        "", "hunter2", "/hunter2", "ftp://example.com/hunter2", "file:///etc/hunter2", "http://example.com/hunter2",
        "https://hunter2:x@example.com/", "https://hunter2@example.com/", "https://example.com/#hunter2",
    ];

    private static string[] InternalHostNames =>
    [
        "https://localhost/", "https://localhost./", "https://LOCALHOST/", "https://a.localhost/",
    ];

    private static string[] InternalIPv4Addresses =>
    [
        "https://127.0.0.1/", "https://127.1/", "https://0x7f.1/", "https://2130706433/", "https://017700000001/", "https://0/",
        "https://0.0.0.0/", "https://10.0.0.1/", "https://172.31.255.255/", "https://192.168.0.1/", "https://100.64.0.1/",
        "https://169.254.169.254/", "https://168.63.129.16/", "https://224.0.0.1/", "https://255.255.255.255/",
    ];

    private static string[] InternalIPv6Addresses =>
    [
        "https://[::1]/", "https://[::]/", "https://[::ffff:a9fe:a9fe]/", "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/", "https://[64:ff9b:1::808:808]/", "https://[2002:7f00:1::]/", "https://[fe80::1]/",
        "https://[fd00:ec2::254]/", "https://[2001:db8::1]/",
    ];

    private static string[] UnicodeAddresses =>
    [
        "https://①②⑦.⓪.⓪.①/", "https://１２７.０.０.１/", "https://127。0。0。1/",
    ];
}
