using System.Collections;
using System.Net;
using System.Reflection;
using ApiKeyAuth.Alerts;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Backplane;
using ApiKeyAuth.Caching;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Formats;
using ApiKeyAuth.Keys.Hashes;
using ApiKeyAuth.Management;
using ApiKeyAuth.Management.Leaks;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Stores.Configured;
using ApiKeyAuth.Tests.Startup;
using ApiKeyAuth.Usage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Tests.Configuration;

/// <summary>Tests that every setting of a file has the same effect as the setting in code.</summary>
[NonParallelizable] // It changes environment variables of the process.
public sealed class GoodSettingsTests
{
    private const string Pepper = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=";

    private const string PublicKey = "-----BEGIN PUBLIC KEY-----\n"
        + "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAExtTT2VAk+AXrkMNwgKNeKNZ4RbxW\n"
        + "aqAP8GixGxfHYAPGZkqoX7WlEpjs8aXT5tf6lPr7vB0zw4zIDBs31vG8Fw==\n"
        + "-----END PUBLIC KEY-----";

    private static readonly string Json = """
        {
          "ApiKeyAuth": {
            "Format": { "Prefix": "acme", "Environments": ["prod"], "Encoding": "hex", "SecretBytes": 16, "Checksum": false },
            "AcceptedFormats": [{ "Prefix": "old", "Environments": [], "Encoding": "Hex" }],
            "Scopes": [
              "orders:read",
              {
                "Name": "orders:write", "Description": "Writes", "Implies": ["orders:read"], "RateLimits": "5/minute;100/day",
                "GrantedByDefault": true
              }
            ],
            "HashAlgorithms": ["seam"],
            "Peppers": [
              { "Id": "now", "Secret": "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=" },
              { "Id": "then", "Secret": "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=", "Retired": "true" }
            ],
            "AcceptUnpepperedHashes": true,
            "Cache": {
              "KnownKeyLifetime": "2m", "UnknownKeyLifetime": "00:00:03", "MaxStaleness": "1h", "StoreTimeout": "500ms",
              "MaxKnownKeys": 7, "MaxUnknownKeys": "8"
            },
            "Backplane": { "Lease": "3s" },
            "RateLimiting": {
              "Default": ["1,000/hour", "10/second"], "PerTenant": "2000/hour",
              "Tenants": [{ "Id": "T:1", "RateLimits": "3/minute" }, { "Id": "t:1" }],
              "FailedAuthentications": "5/minute", "Headers": "both", "ChargeRejectedRequests": true
            },
            "Usage": {
              "Enabled": false, "FlushInterval": "30s", "MaxPendingRows": 2000, "MaxNetworksPerKey": 7,
              "CountryHeader": "CF-IPCountry", "CountryProxies": ["10.0.0.0/8", "2001:db8::1"],
              "HourlyRetention": "3d", "DailyRetention": "90d"
            },
            "Alerts": {
              "Enabled": false, "unusualActivity": true, "highUsage": { "threshold": 10000, "period": "daily" },
              "failures": { "threshold": 100, "period": "hourly" },
              "Interval": "30s", "KeyExpiring": "14d", "RetiringSecret": "2h", "NewCountry": false, "NewNetwork": true, "Dormant": "30d",
              "LiveHosts": ["api.example.com", "*.example.org"], "TestEnvironments": ["sandbox"],
              "Webhooks": {
                "ops": {
                  "Url": "http://10.1.2.3/alerts", "Secrets": ["whsec_QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB"], "TenantId": "t",
                  "Kinds": ["high_usage"],
                  "UnsafeAllowHttp": true, "UnsafeAllowNetworks": ["10.1.2.3"]
                }
              }
            },
            "Management": {
              "MaxLifetime": "365d", "DefaultLifetime": "90d", "MaxRotationGrace": "7d", "MaxSecretAge": "80d",
              "SecretAgeNotice": "3d", "MaxKeysPerTenant": 100, "MaxKeysPerOwner": 5,
              "MaxMetadataLength": 100, "RevokeLeaked": "5/minute"
            },
            "LeakReports": {
              "PublicKeys": { "a1": "@pem" }, "Action": "alert",
              "Environments": { "prod": "Rotate" }, "RotationGrace": "2h", "Limit": "5/minute"
            },
            "Errors": {
              "ReportExpiredAsInvalid": true, "ReportWrongAudienceAsInvalid": true, "ReportMissingAsInvalid": true,
              "DocumentationUrl": "https://docs.example.com/errors"
            },
            "Schemes": {
              "Agent": {
                "AuthorizationSchemes": [], "Headers": "X-Agent-Token", "UnsafeQueryParameter": "agent_key", "Environments": ["prod"],
                "Audience": "agents", "Realm": "the \"agents\""
              },
              "User": { "Headers": null }
            }
          }
        }
        """.Replace("@pem", PublicKey.ReplaceLineEndings("\\n"), StringComparison.Ordinal);

    [Test]
    public async Task Bind_AllSettings_MatchesTheSettingsCreateOptionsInCode()
    {
        await using var app = Build(builder => builder.AddJson(Json));
        var options = app.Services.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value;
        var code = CreateOptionsInCode();
        Assert.That(Describe(options), Is.EqualTo(Describe(code)));
        Assert.That(Describe(app.Services.GetRequiredService<ApiKeyAlertOptions>()), Is.EqualTo(Describe(AlertsInCode())));
        Assert.That(options.Scopes[1].Implies, Is.EqualTo(new[] { "orders:read" }));
        Assert.That(options.RateLimiting.Tenants["T:1"], Is.EqualTo(RateLimit.ParseList("3/minute")));
        Assert.That(options.RateLimiting.Tenants["t:1"], Is.Empty);

        var digest = new byte[32];
        var hashes = app.Services.GetRequiredService<ApiKeyHasher>().GetCandidates(digest);
        Assert.That(hashes, Is.EqualTo(new ApiKeyHasher(code.Peppers, true).GetCandidates(digest)));
        var formats = app.Services.GetRequiredService<ApiKeyFormats>();
        Assert.That(formats.ToString(), Is.EqualTo("acme_prod_{32 hex}, old_{64 hex}{8 checksum}"));
    }

    [TestCase(typeof(ApiKeyAuthOptions))]
    [TestCase(typeof(ApiKeyFormat))]
    [TestCase(typeof(ApiKeyCacheOptions))]
    [TestCase(typeof(ApiKeyBackplaneOptions))]
    [TestCase(typeof(ApiKeyRateLimitOptions))]
    [TestCase(typeof(ApiKeyUsageOptions))]
    [TestCase(typeof(ApiKeyAlertOptions))]
    [TestCase(typeof(ApiKeyManagementOptions))]
    [TestCase(typeof(ApiKeyLeakReportOptions))]
    [TestCase(typeof(ApiKeyErrorOptions))]
    [TestCase(typeof(ApiKeySchemeOptions))]
    public async Task Bind_AllSettings_DiffersFromTheDefaults(Type type)
    {
        // A new setting that is not bound fails here.
        string[] codeOnly =
        [
            nameof(ApiKeyErrorOptions.WriteBody), nameof(ApiKeySchemeOptions.AudienceSelector), nameof(ApiKeySchemeOptions.Events),
            nameof(ApiKeyManagementOptions.NewId), nameof(ApiKeyManagementOptions.MayGrant),
            nameof(ApiKeyManagementOptions.TenantIdSelector),
            nameof(ApiKeyManagementOptions.ManagesOthers), nameof(ApiKeyManagementOptions.MayCrossTenants),
        ];
        await using var app = Build(builder => builder.AddJson(Json));
        var options = app.Services.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value;
        var alerts = app.Services.GetRequiredService<ApiKeyAlertOptions>();
        object[] all =
        [
            options, options.Format, options.Cache, options.Backplane, options.RateLimiting, options.Usage, alerts,
            options.Management, options.LeakReports, options.Errors, Scheme(app, "Agent"),
        ];
        var defaults = Activator.CreateInstance(type)!;
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly);
        foreach (var property in properties.Where(property => !codeOnly.Contains(property.Name)))
        {
            var read = all.Single(value => value.GetType() == type);
            Assert.That(Describe(property.GetValue(read)), Is.Not.EqualTo(Describe(property.GetValue(defaults))), property.Name);
        }
    }

    [Test]
    public async Task Bind_ExternalFormats_MatchesTheFormatsInCode()
    {
        await using var app = Build(builder => builder.AddJson("""
            {
              "ApiKeyAuth": {
                "AcceptedFormats": [
                  { "Prefix": "sk-", "Alphabet": "base62", "Length": 48 },
                  { "Alphabet": "GUID" },
                  { "Prefix": null, "Alphabet": "Base64Url", "MinLength": "20", "MaxLength": 128 },
                  { "Prefix": "old" }
                ],
                "Keys": [
                  { "Id": "hex", "Hash": "sha256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD", "Prefix": "sk-" },
                  { "Id": "base64", "Hash": "sha256:+ngWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=" },
                  { "Id": "base64url", "Hash": "sha256:_ngWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0", "Prefix": "3f2504e0-" }
                ]
              }
            }
            """));
        AcceptedApiKeyFormat[] code =
        [
            new ExternalApiKeyFormat { Prefix = "sk-", Alphabet = ApiKeyAlphabet.Base62, Length = 48 },
            new ExternalApiKeyFormat { Alphabet = ApiKeyAlphabet.Guid },
            new ExternalApiKeyFormat { Alphabet = ApiKeyAlphabet.Base64Url, MinLength = 20, MaxLength = 128 },
            new ApiKeyFormat { Prefix = "old" },
        ];
        var options = app.Services.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value;
        Assert.That(Describe(options.AcceptedFormats), Is.EqualTo(Describe(code)));
        var keys = app.Services.GetRequiredService<ConfigurationApiKeyStore>();
        Assert.That(keys.Ids, Is.EquivalentTo(new[] { "hex", "base64", "base64url" }));
    }

    [Test]
    public async Task Bind_HashAlgorithms_MatchesTheAlgorithmsInCode()
    {
        await using var app = Build(builder => builder.AddJson("""
            {
              "ApiKeyAuth": {
                "HashAlgorithms": ["seam", { "Name": "acme", "Separator": ":", "AfterLast": true }],
                "AcceptedFormats": [{ "Alphabet": "Base62", "Separator": ":", "Length": 40 }],
                "Keys": [
                  { "Id": "a", "Hash": "acme:1:2:c8e495e6d317c10b16fcda04804438dcb4a33e3d3970b68121bbd2b3525badb2" },
                  { "Id": "b", "Hash": "seam:p_s_c8e495e6d317c10b16fcda04804438dcb4a33e3d3970b68121bbd2b3525badb2" }
                ]
              }
            }
            """));
        var options = app.Services.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value;
        Assert.That(options.HashAlgorithms[0], Is.SameAs(ApiKeyHashAlgorithms.Seam));
        var acme = (Sha256PartHashAlgorithm)options.HashAlgorithms[1];
        Assert.That((acme.Name, acme.Separator, acme.AfterLast), Is.EqualTo(("acme", ':', true)));
        Assert.That(((ExternalApiKeyFormat)options.AcceptedFormats[0]).Separator, Is.EqualTo(':'));
        var hasher = app.Services.GetRequiredService<ApiKeyHasher>();
        var keys = app.Services.GetRequiredService<ConfigurationApiKeyStore>();
        foreach (var (id, secret) in new[] { ("a", "1:2:c3VwZXJzZWNyZXR2YWx1ZTEyMzQ1Njc4"), ("b", "p_s_c3VwZXJzZWNyZXR2YWx1ZTEyMzQ1Njc4") })
        {
            Assert.That((await keys.FindAsync(hasher.GetCandidates(secret), CancellationToken.None))?.Id, Is.EqualTo(id));
        }
    }

    [Test]
    public async Task Bind_Schemes_MatchesTheSettingsCreateOptionsInCode()
    {
        await using var app = Build(builder => builder.AddJson(Json));
        var agent = Scheme(app, "Agent");
        Assert.That((agent.UnsafeQueryParameter, agent.Audience, agent.Realm), Is.EqualTo(("agent_key", "agents", "the \"agents\"")));
        Assert.That((agent.AuthorizationSchemes.Count, agent.Headers), Is.EqualTo((0, new[] { "X-Agent-Token" })));
        Assert.That(agent.Environments, Is.EqualTo(new[] { "prod" }));
        Assert.That(agent.Challenges, Is.EqualTo(new[] { "ApiKey realm=\"the \\\"agents\\\"\", in=\"header\", name=\"X-Agent-Token\"" }));
        var user = Scheme(app, "User");
        Assert.That(
            (user.AuthorizationSchemes, user.Headers.Count, user.Challenges), Is.EqualTo((new[] { "Bearer" }, 0, new[] { "Bearer" })));
        var options = app.Services.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value;
        Assert.That(options.Schemes, Is.EquivalentTo(new[] { "Agent", "User" }));
    }

    [Test]
    public async Task Bind_EnvironmentVariables_OverrideTheFile()
    {
        var variables = new Dictionary<string, string?>
        {
            ["APIKEYAUTH__CACHE__MAXKNOWNKEYS"] = "9",
            ["ApiKeyAuth__Schemes__User__Realm"] = "env",
            ["ApiKeyAuth__RateLimiting__PerTenant"] = "1/hour",
            ["ApiKeyAuth__Keys__0__Id"] = "env",
            ["ApiKeyAuth__Keys__0__Hash"] = "sha256:" + new string('a', 64),
        };
        await using var app = Build(builder =>
            RunWithVariables(() => builder.AddJson(Json).Configuration.AddEnvironmentVariables(), variables));
        var options = app.Services.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value;
        Assert.That(options.Cache.MaxKnownKeys, Is.EqualTo(9));
        Assert.That(options.RateLimiting.PerTenant, Is.EqualTo(RateLimit.ParseList("1/hour")));
        Assert.That(Scheme(app, "User").Realm, Is.EqualTo("env"));
        Assert.That(app.Services.GetRequiredService<ConfigurationApiKeyStore>().Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Bind_EmptySettings_MatchesTheDefaults()
    {
        await using var app = Build(builder => builder.AddJson("""
            {
              "ApiKeyAuth": {
                "Cache": {}, "Scopes": [], "Keys": [], "Schemes": {}, "Format": null, "RateLimiting": { "Default": [] }
              }
            }
            """));
        var options = app.Services.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value;
        Assert.That(Describe(options), Is.EqualTo(Describe(new ApiKeyAuthOptions())));
        Assert.That(options.Schemes, Is.EqualTo(new[] { "ApiKey" }));
        Assert.That(Describe(Scheme(app, "ApiKey").Headers.Single()), Is.EqualTo("X-API-Key"));
    }

    [Test]
    public async Task Bind_FailedAuthenticationsNone_HasNoLimit()
    {
        await using var app = Build(builder => builder.AddJson("""{"ApiKeyAuth":{"RateLimiting":{"FailedAuthentications":"none"}}}"""));
        Assert.That(app.Services.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value.RateLimiting.FailedAuthentications, Is.Null);
    }

    [Test]
    public async Task AddApiKeyAuth_SettingsInCode_OverrideTheConfiguration()
    {
        var builder = StartUp.CreateBuilder("Production", out _).AddJson(Json);
        builder.Services
            .AddApiKeyAuth(builder.Configuration.GetSection("ApiKeyAuth"), options => options.Cache.MaxKnownKeys = 99)
            .AddAlerts()
            .AddScheme("Agent", scheme => scheme.Audience = null);
        await using var app = builder.Build();
        Assert.That(app.Services.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value.Cache.MaxKnownKeys, Is.EqualTo(99));
        Assert.That((Scheme(app, "Agent").Audience, Scheme(app, "Agent").Headers[0]), Is.EqualTo(((string?)null, "X-Agent-Token")));
    }

    private static ApiKeyAuthOptions CreateOptionsInCode()
    {
        var options = new ApiKeyAuthOptions
        {
            Format = new ApiKeyFormat
            {
                Prefix = "acme",
                Environments = ["prod"],
                Encoding = ApiKeyEncoding.Hex,
                SecretBytes = 16,
                Checksum = false,
            },
            AcceptUnpepperedHashes = true,
        };
        options.AcceptedFormats.Add(new ApiKeyFormat { Prefix = "old", Environments = [], Encoding = ApiKeyEncoding.Hex });
        options.Scopes.Add(new ScopeDefinition { Name = "orders:read" });
        options.Scopes.Add(new ScopeDefinition
        {
            Name = "orders:write",
            Description = "Writes",
            Implies = ["orders:read"],
            RateLimits = RateLimit.ParseList("5/minute;100/day"),
            GrantedByDefault = true,
        });
        options.HashAlgorithms.Add(ApiKeyHashAlgorithms.Seam);
        options.Peppers.Add(new ApiKeyPepper("now", Convert.FromBase64String(Pepper)));
        options.Peppers.Add(new ApiKeyPepper("then", Convert.FromBase64String(Pepper), retired: true));
        (options.Cache.KnownKeyLifetime, options.Cache.UnknownKeyLifetime) = (TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(3));
        (options.Cache.MaxStaleness, options.Cache.StoreTimeout) = (TimeSpan.FromHours(1), TimeSpan.FromMilliseconds(500));
        (options.Cache.MaxKnownKeys, options.Cache.MaxUnknownKeys) = (7, 8);
        options.Backplane.Lease = TimeSpan.FromSeconds(3);
        options.RateLimiting.Default = [new RateLimit(1_000, TimeSpan.FromHours(1)), new RateLimit(10, TimeSpan.FromSeconds(1))];
        options.RateLimiting.PerTenant = RateLimit.ParseList("2000/hour");
        options.RateLimiting.Tenants["T:1"] = RateLimit.ParseList("3/minute");
        options.RateLimiting.Tenants["t:1"] = [];
        options.RateLimiting.FailedAuthentications = new RateLimit(5, TimeSpan.FromMinutes(1));
        options.RateLimiting.Headers = RateLimitHeaderStyle.Both;
        options.RateLimiting.ChargeRejectedRequests = true;
        (options.Usage.Enabled, options.Usage.FlushInterval, options.Usage.MaxPendingRows) = (false, TimeSpan.FromSeconds(30), 2_000);
        options.Usage.CountryHeader = "CF-IPCountry";
        options.Usage.CountryProxies.Add(IPNetwork.Parse("10.0.0.0/8"));
        options.Usage.CountryProxies.Add(IPNetwork.Parse("2001:db8::1/128"));
        options.Usage.MaxNetworksPerKey = 7;
        (options.Usage.HourlyRetention, options.Usage.DailyRetention) = (TimeSpan.FromDays(3), TimeSpan.FromDays(90));
        (options.Management.MaxLifetime, options.Management.DefaultLifetime) = (TimeSpan.FromDays(365), TimeSpan.FromDays(90));
        (options.Management.MaxRotationGrace, options.Management.MaxSecretAge) = (TimeSpan.FromDays(7), TimeSpan.FromDays(80));
        options.Management.SecretAgeNotice = TimeSpan.FromDays(3);
        (options.Management.MaxKeysPerTenant, options.Management.MaxKeysPerOwner, options.Management.MaxMetadataLength) = (100, 5, 100);
        options.Management.RevokeLeaked = new RateLimit(5, TimeSpan.FromMinutes(1));
        options.LeakReports.PublicKeys["a1"] = PublicKey;
        options.LeakReports.Action = ApiKeyLeakAction.Alert;
        options.LeakReports.Environments["prod"] = ApiKeyLeakAction.Rotate;
        (options.LeakReports.RotationGrace, options.LeakReports.Limit) = (TimeSpan.FromHours(2), new RateLimit(5, TimeSpan.FromMinutes(1)));
        options.Errors.ReportExpiredAsInvalid = true;
        options.Errors.ReportWrongAudienceAsInvalid = true;
        options.Errors.ReportMissingAsInvalid = true;
        options.Errors.DocumentationUrl = "https://docs.example.com/errors";
        return options;
    }

    private static ApiKeyAlertOptions AlertsInCode()
    {
        var alerts = new ApiKeyAlertOptions();
        alerts.Default = new ApiKeyAlertSettings
        {
            UnusualActivity = true,
            HighUsage = new() { Threshold = 10_000, Period = ApiKeyAlertPeriod.Daily },
            Failures = new() { Threshold = 100, Period = ApiKeyAlertPeriod.Hourly },
        };
        (alerts.Enabled, alerts.NewCountry, alerts.NewNetwork) = (false, false, true);
        (alerts.Interval, alerts.KeyExpiring) = (TimeSpan.FromSeconds(30), TimeSpan.FromDays(14));
        (alerts.RetiringSecret, alerts.Dormant) = (TimeSpan.FromHours(2), TimeSpan.FromDays(30));
        alerts.LiveHosts.Add("api.example.com");
        alerts.LiveHosts.Add("*.example.org");
        alerts.TestEnvironments.Add("sandbox");
        var webhook = new ApiKeyWebhookOptions { Name = "ops", Url = "http://10.1.2.3/alerts", TenantId = "t", UnsafeAllowHttp = true };
        webhook.Secrets.Add("whsec_QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB");
        webhook.Kinds.Add("high_usage");
        webhook.UnsafeAllowNetworks.Add(IPNetwork.Parse("10.1.2.3/32"));
        alerts.Webhooks.Add(webhook);
        return alerts;
    }

    private static WebApplication Build(Action<WebApplicationBuilder> settings)
    {
        var builder = StartUp.CreateBuilder("Production", out _);
        settings(builder);
        builder.Services.AddApiKeyAuth(builder.Configuration.GetSection("ApiKeyAuth")).AddAlerts();
        return builder.Build();
    }

    private static ApiKeySchemeOptions Scheme(WebApplication app, string name) =>
        app.Services.GetRequiredService<IOptionsMonitor<ApiKeySchemeOptions>>().Get(name);

    private static void RunWithVariables(Action action, Dictionary<string, string?> variables)
    {
        foreach (var (name, value) in variables)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        action();
        foreach (var name in variables.Keys)
        {
            Environment.SetEnvironmentVariable(name, null);
        }
    }

    /// <summary>Describes a value with all its public properties, so that values of any type can be compared.</summary>
    private static string Describe(object? value) => value switch
    {
        null => "null",
        Delegate => "code",
        string or RateLimit or IPNetwork or TimeSpan or Enum or bool or int or long => value.ToString()!,
        ApiKeyPepper pepper => $"{pepper.Id} {pepper.Retired}",
        IEnumerable items => $"[{string.Join(", ", items.Cast<object>().Select(Describe))}]",
        _ => $"{{{string.Join(", ", value.GetType().GetProperties().Select(property => DescribeProperty(property, value)))}}}",
    };

    private static string DescribeProperty(PropertyInfo property, object owner) => $"{property.Name}: {Describe(property.GetValue(owner))}";
}
