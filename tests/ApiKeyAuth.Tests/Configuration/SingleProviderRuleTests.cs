using ApiKeyAuth.Alerts;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores.Configured;
using ApiKeyAuth.Tests.Startup;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Tests.Configuration;

/// <summary>
/// Tests that a list that grants rights comes from one configuration provider, because the configuration merges lists by index.
/// </summary>
public sealed class SingleProviderRuleTests
{
    private const string Pepper = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=";
    private const string Whsec = "whsec_QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB";
    private readonly LayeredSettings _settings = new();

    [OneTimeTearDown]
    public void Delete() => _settings.Dispose();

    private static IEnumerable<TestCaseData<string, string, string>> Lists()
    {
        (string First, string Second, string Path)[] cases =
        [
            ("{'Keys':[{'Id':'ops','Hash':'@a','Scopes':['*'],'TenantId':'internal'}]}", "{'Keys':[{'Id':'partner','Hash':'@b'}]}", "Keys"),
            ("{'Keys':[{'Id':'ops','Hash':'@a','Scopes':['a:read','*']}]}", "{'Keys':[{'Scopes':['a:read']}]}", "Keys"),
            ("{'Keys':[{'Id':'ops','Hash':'@a'}]}", "{'Keys':{'1':{'Id':'partner','Hash':'@b'}}}", "Keys"),
            ("{'Keys':{'k':{'Hash':'@a','Scopes':['a:read','*']}}}", "{'Keys':{'k':{'Scopes':['a:read']}}}", "Keys:k:Scopes"),
            ("{'Keys':{'k':{'Hash':'@a','Scopes':['*']}}}", "{'Keys':{'k':{'Scopes':[]}}}", "Keys:k:Scopes"),
            (
                "{'Keys':{'k':{'Hash':'@a','Networks':['10.0.0.0/8','192.0.2.1']}}}",
                "{'Keys':{'k':{'Networks':['10.0.0.0/8']}}}",
                "Keys:k:Networks"),
            ("{'Keys':{'k':{'Hash':'@a','Audiences':['a','b']}}}", "{'Keys':{'k':{'Audiences':['c']}}}", "Keys:k:Audiences"),
            ("{'Keys':{'k':{'Hashes':['@a','@b']}}}", "{'Keys':{'k':{'Hashes':['@c']}}}", "Keys:k:Hashes"),
            (
                "{'Keys':{'k':{'Hash':'@a','RateLimits':['1/minute','10/day']}}}",
                "{'Keys':{'k':{'RateLimits':['9/minute']}}}",
                "Keys:k:RateLimits"),
            ("{'Keys':{'k':{'Hash':'@a'}}}", "{'Keys':{'k':{'Hashes':['@b']}}}", "Keys:k"),
            (
                "{'Scopes':['a:read',{'Name':'a:write','Implies':['a:read'],'GrantedByDefault':true}]}",
                "{'Scopes':['b:read','b:write']}",
                "Scopes"),
            ("{'AcceptedFormats':[{'Prefix':'a','SecretBytes':16}]}", "{'AcceptedFormats':[{'Prefix':'b'}]}", "AcceptedFormats"),
            (
                "{'AcceptedFormats':[{'Prefix':'sk-','Alphabet':'Base62','Length':48}]}",
                "{'AcceptedFormats':[{'Alphabet':'Base62','Length':40}]}",
                "AcceptedFormats"),
            (
                "{'AcceptedFormats':[{'Alphabet':'Hex','MinLength':32,'MaxLength':40}]}",
                "{'AcceptedFormats':[{'MinLength':16}]}",
                "AcceptedFormats"),
            ("{'HashAlgorithms':['seam','sanctum']}", "{'HashAlgorithms':['django-sha512']}", "HashAlgorithms"),
            ("{'Peppers':[{'Id':'a','Secret':'@pepper'}]}", "{'Peppers':[{'Retired':true}]}", "Peppers"),
            (
                "{'RateLimiting':{'Tenants':[{'Id':'a','RateLimits':'9/day'}]}}",
                "{'RateLimiting':{'Tenants':[{'Id':'b'}]}}",
                "RateLimiting:Tenants"),
            ("{'RateLimiting':{'Default':['9/day','1/minute']}}", "{'RateLimiting':{'Default':['1/day']}}", "RateLimiting:Default"),
            ("{'Format':{'Environments':['live','test']}}", "{'Format':{'Environments':['live']}}", "Format:Environments"),
            ("{'Schemes':{'s':{'Environments':['live','test']}}}", "{'Schemes':{'s':{'Environments':['live']}}}", "Schemes:s:Environments"),
            (
                "{'Usage':{'CountryHeader':'C','CountryProxies':['10.0.0.1','10.0.0.2']}}",
                "{'Usage':{'CountryProxies':['10.0.0.3']}}",
                "Usage:CountryProxies"),
            (
                "{'Alerts':{'Webhooks':{'w':{'Url':'https://a.example','Secrets':['@whsec','@whsecAA==']}}}}",
                "{'Alerts':{'Webhooks':{'w':{'Secrets':['@whsecAAAA']}}}}",
                "Alerts:Webhooks:w:Secrets"),
            (
                "{'Alerts':{'Webhooks':[{'Url':'https://a.example','Secrets':['@whsec']}]}}",
                "{'Alerts':{'Webhooks':[{'Url':'https://b.example'}]}}",
                "Alerts:Webhooks"),
        ];
        return cases.Select(list => new TestCaseData<string, string, string>(Secrets(list.First), Secrets(list.Second), list.Path)
        {
            TestName = $"Start_ListInTwoFiles_Fails({list.Path} {list.Second.Replace('.', ' ')})",
        });
    }

    [TestCaseSource(nameof(Lists))]
    public async Task Start_ListInTwoFiles_Fails(string first, string second, string path)
    {
        using var settings = new LayeredSettings();
        var start = await LayeredSettings.StartAsync(layers => settings.AddFiles(layers, first, second));
        var problem = start.Problems.First(problem => problem.Contains(" in ", StringComparison.Ordinal));
        Assert.That(problem, Does.StartWith($"ApiKeyAuth:{path} ").And.Contain("1.json").And.Contain("2.json").And.Contain("write "));
        foreach (var secret in new[] { "QUFBQ", LayeredSettings.Hash("a"), LayeredSettings.Hash("b") })
        {
            Assert.That(start.Everything, Does.Not.Contain(secret));
        }
    }

    [Test]
    public async Task Start_KeysInTwoFiles_ReportsOneProblemWithBothFixes()
    {
        var start = await LayeredSettings.StartAsync(layers => _settings.AddFiles(
            layers, "{'Keys':[{'Id':'ops','Hash':'@a','Scopes':['a','b']}]}", "{'Keys':[{'Id':'partner','Hash':'@b','Scopes':['a']}]}"));
        Assert.That(start.Problems, Is.EqualTo(new[]
        {
            "ApiKeyAuth:Keys has members in 1.json and 2.json, which the configuration merges by index; "
            + "write the whole list in one of them, or write Keys by ID (\"Keys\": { \"my-key\": { … } }).",
        }));
    }

    [Test]
    public async Task Start_EnvironmentVariableOverAFile_Fails()
    {
        using var settings = new LayeredSettings();
        var start = await LayeredSettings.StartAsync(layers => settings.AddEnvironment(
            settings.AddFiles(layers, "{'Keys':[{'Id':'ops','Hash':'@a','Scopes':['*']}]}"), ("Keys__0__Hash", "@b")));
        Assert.That(start.Problems, Has.One.StartsWith("ApiKeyAuth:Keys has members in 1.json and environment variables, which"));
        Assert.That(start.Everything, Does.Not.Contain(LayeredSettings.Hash("b")));
    }

    [Test]
    public async Task Start_CommandLineOverMemory_FailsWithBothNames()
    {
        var start = await LayeredSettings.StartAsync(layers => layers
            .AddInMemoryCollection([new("ApiKeyAuth:Keys:0:Id", "a"), new("ApiKeyAuth:Keys:0:Hash", LayeredSettings.Hash("a"))])
            .AddCommandLine(["--ApiKeyAuth:Keys:0:Scopes:0=*"]));
        Assert.That(start.Problems, Has.One.Contains(":Keys has members in an in-memory collection and the command line, which"));
    }

    [Test]
    public async Task Start_FilesWithOneName_FailsWithTheirPaths()
    {
        using var settings = new LayeredSettings();
        string[] files =
        [
            settings.Write("x/keys.json", "{'Keys':[{'Id':'a','Hash':'@a'}]}"),
            settings.Write("y/keys.json", "{'Keys':[{'Id':'b','Hash':'@b'}]}"),
        ];
        var start = await LayeredSettings.StartAsync(layers => layers.AddJsonFile(files[0]).AddJsonFile(files[1]));
        Assert.That(start.Problems, Has.One.Contains(files[0]).And.One.Contains(files[1]));
    }

    [Test]
    public async Task Start_ProviderWhoseTextContainsASecret_FailsWithItsType()
    {
        var start = await LayeredSettings.StartAsync(layers =>
        {
            _settings.AddFiles(layers, "{'Scopes':['a']}");
            ((IConfigurationBuilder)layers).Add(new VaultProvider(new() { ["ApiKeyAuth:Scopes:0"] = "b" }));
        });
        Assert.That(start.Problems, Has.One.StartsWith("ApiKeyAuth:Scopes has members in 1.json and VaultProvider, which"));
        Assert.That(start.Everything, Does.Not.Contain("hunter2"));
    }

    [Test]
    public async Task Start_ChainedConfiguration_ChecksItsProviders()
    {
        using var settings = new LayeredSettings();
        var innermost = settings.AddFiles(new ConfigurationBuilder(), "{'Keys':[{'Id':'a','Hash':'@a'}]}").Build();
        var inner = new ConfigurationBuilder().AddConfiguration(innermost);
        var start = await LayeredSettings.StartAsync(layers => layers.AddConfiguration(inner.Build())
            .AddInMemoryCollection(new Dictionary<string, string?> { ["ApiKeyAuth:Keys:0:Scopes:0"] = "*" }));
        Assert.That(start.Problems, Has.One.StartsWith("ApiKeyAuth:Keys has members in 1.json and an in-memory collection, which"));
    }

    [Test]
    public async Task Start_TwoFilesInAChainedConfiguration_Fails()
    {
        using var settings = new LayeredSettings();
        var inner = settings.AddFiles(new ConfigurationBuilder(), "{'Scopes':['a']}", "{'Scopes':['b']}").Build();
        var start = await LayeredSettings.StartAsync(layers => layers.AddConfiguration(inner));
        Assert.That(start.Problems, Has.One.StartsWith("ApiKeyAuth:Scopes has members in 1.json and 2.json, which"));
    }

    [Test]
    public async Task Start_SectionOfAChainedRoot_IsChecked()
    {
        using var settings = new LayeredSettings();
        var start = await StartUp.RunAsync(builder =>
        {
            var inner = settings.AddFiles(new ConfigurationBuilder(), "{'Scopes':['a']}", "{'Scopes':['b']}").Build();
            builder.Configuration.AddConfiguration(inner);
            builder.Services.AddApiKeyAuth(inner.GetSection("ApiKeyAuth")).AddInMemoryStore();
        });
        Assert.That(start.Problems, Has.One.StartsWith("ApiKeyAuth:Scopes has members in 1.json and 2.json, which"));
    }

    [Test]
    public void Start_GenericHost_IsChecked()
    {
        using var settings = new LayeredSettings();
        using var host = new HostBuilder()
            .ConfigureAppConfiguration(layers => settings.AddFiles(layers, "{'Scopes':['a']}", "{'Scopes':['b']}"))
            .ConfigureServices((context, services) => services.AddApiKeyAuth(context.Configuration.GetSection("ApiKeyAuth"))).Build();
        Assert.That(
            () => host.Services.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value,
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains(":Scopes has members in 1.json and 2.json, which"));
    }

    [Test]
    public async Task Start_CommandLineThatTheHostAddsTwice_Succeeds()
    {
        string[] arguments =
        [
            "--ApiKeyAuth:Keys:0:Id=a", $"--ApiKeyAuth:Keys:0:Hash={LayeredSettings.Hash("a")}", "--ApiKeyAuth:Keys:0:Scopes:0=s",
            "--ApiKeyAuth:Scopes:0=s",
        ];
        var builder = WebApplication.CreateBuilder(arguments);
        builder.Services.AddApiKeyAuth(builder.Configuration.GetSection("ApiKeyAuth"));
        var providers = ((IConfigurationRoot)builder.Configuration).Providers;
        Assert.That(providers.Count(provider => provider.TryGet("ApiKeyAuth:Keys:0:Id", out _)), Is.EqualTo(2));
        await using var app = builder.Build();
        Assert.That(app.Services.GetRequiredService<ConfigurationApiKeyStore>().Count, Is.EqualTo(1));
    }

    // The indexer of the configuration writes to every provider.
    [Test]
    public async Task Start_ListSetThroughTheConfiguration_Succeeds()
    {
        await using var app = LayeredSettings.Build(layers =>
        {
            layers["ApiKeyAuth:Keys:0:Id"] = "a";
            layers["ApiKeyAuth:Keys:0:Hash"] = LayeredSettings.Hash("a");
        });
        Assert.That(app.Services.GetRequiredService<ConfigurationApiKeyStore>().Count, Is.EqualTo(1));
    }

    [TestCase("{'Scopes':['a','b']}", true)]
    [TestCase("{'Scopes':['a']}", false)]
    [TestCase("{'Scopes':['a','b','c']}", false)]
    [TestCase("{'Scopes':['b','a']}", false)]
    [TestCase("{'Scopes':['a','B']}", false)]
    [TestCase("{'Scopes':[]}", false)]
    [TestCase("{'Scopes':null}", false)]
    [TestCase("{'Cache':{'MaxKnownKeys':9}}", true)]
    public async Task Start_SecondFileWithTheList_SucceedsOnlyIfItRepeatsTheList(string second, bool isAccepted)
    {
        using var settings = new LayeredSettings();
        var start = await LayeredSettings.StartAsync(layers => settings.AddFiles(layers, "{'Scopes':['a','b']}", second));
        Assert.That(start.Error, isAccepted ? Is.Null : Is.Not.Null);
        Assert.That(start.Warnings, Is.Empty);
    }

    [Test]
    public async Task Start_EmptyListBeforeAList_Succeeds()
    {
        using var settings = new LayeredSettings();
        await using var app = LayeredSettings.Build(layers => settings.AddFiles(
            layers, "{'Keys':[],'Scopes':[]}", "{'Keys':[{'Id':'a','Hash':'@a','Scopes':['s']}],'Scopes':['s']}"));
        Assert.That(app.Services.GetRequiredService<ConfigurationApiKeyStore>().Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Start_ScalarAndNamedSettingsInTwoFiles_MergesThem()
    {
        using var settings = new LayeredSettings();
        await using var app = LayeredSettings.Build(layers => settings.AddFiles(
            layers,
            "{'RateLimiting':{'Default':'9/day'},'Schemes':{'s':{'Headers':'X-S'}},'Alerts':{'Webhooks':{'w':{'Url':'https://a.example'}}}}",
            "{'RateLimiting':{'Default':'1/day'},'Schemes':{'s':{'Realm':'r'},'t':{'Headers':'X-T'}},"
                + "'Alerts':{'Webhooks':{'w':{'Secrets':['" + Whsec + "']}}}}"));
        var options = app.Services.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value;
        Assert.That(options.RateLimiting.Default, Is.EqualTo(RateLimit.ParseList("1/day")));
        Assert.That(options.Schemes, Is.EquivalentTo(new[] { "s", "t" }));
        Assert.That(app.Services.GetRequiredService<ApiKeyAlertOptions>().Webhooks, Has.One.Items);
    }

    [Test]
    public async Task Start_SchemeThatALaterFileLeavesEmpty_Fails()
    {
        using var settings = new LayeredSettings();
        var start = await LayeredSettings.StartAsync(layers => settings.AddFiles(
            layers, "{'Schemes':{'s':{'Headers':'X-S'}}}", "{'Schemes':{'s':null}}"));
        Assert.That(start.Problems, Has.One.Contains(":Schemes:s is empty in 2.json, which does not remove its members in 1.json; "));
    }

    [Test]
    public async Task Start_SectionOfAnotherRoot_WarnsOnce()
    {
        using var settings = new LayeredSettings();
        var start = await StartUp.RunAsync(builder => builder.Services.AddApiKeyAuth(
            settings.AddFiles(new ConfigurationBuilder(), "{'Keys':[{'Id':'a','Hash':'@a'}]}").Build().GetSection("ApiKeyAuth")));
        Assert.That(start.Error, Is.Null);
        Assert.That(start.Warnings, Is.EqualTo(new[] { 27 }));
        Assert.That(start.Everything, Does.Contain("The configuration providers of ApiKeyAuth are unknown"));
    }

    [Test]
    public async Task Start_ChainedSectionOfAnotherRoot_Warns()
    {
        using var settings = new LayeredSettings();
        var other = new ConfigurationBuilder().AddInMemoryCollection([new("Sub:ApiKeyAuth:Scopes:0", "a")]).Build();
        var start = await LayeredSettings.StartAsync(layers => layers.AddConfiguration(other.GetSection("Sub")));
        Assert.That(start.Warnings, Is.EqualTo(new[] { 27 }));
        var rejected = await LayeredSettings.StartAsync(
            layers => settings.AddFiles(layers.AddConfiguration(other.GetSection("Sub")), "{'Scopes':['b']}"));
        Assert.That(rejected.Problems, Has.One.Contains(":Scopes has members in ChainedConfigurationProvider and 1.json, which"));
    }

    private static string Secrets(string text) =>
        text.Replace("@pepper", Pepper, StringComparison.Ordinal).Replace("@whsec", Whsec, StringComparison.Ordinal);

    /// <summary>Represents a provider whose text contains a secret.</summary>
    private sealed class VaultProvider(Dictionary<string, string?> values) : ConfigurationProvider, IConfigurationSource
    {
        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public override void Load() => Data = values;

        public override string ToString() => "Vault at https://hunter2@vault";
    }
}
