using ApiKeyAuth.Caching;
using ApiKeyAuth.IntegrationTests.Stores.Faults;
using ApiKeyAuth.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ApiKeyAuth.IntegrationTests.Redis;

/// <summary>
/// Checks at startup: a wrong setup stops the app with one message, and an unavailable server is logged once.
/// </summary>
internal sealed class LimiterStartTests
{
    private const string Secret = "hunter2-not-for-logs";

    // The permissions in the README, without the name and the password.
    private const string Rights =
        "~apikeyauth:* resetchannels &apikeyauth:* -@all +eval +evalsha +get +set +hget +hmget +hset +hdel +del +time "
        + "+info +publish +subscribe +unsubscribe +ping +echo";

    [TestCase(",password=wrong-" + Secret)]
    [TestCase("")]
    public async Task Start_WrongPassword_SaysSoAndNotWhich(string password)
    {
        await using var server = await RedisServer.StartAsync("--requirepass", Secret);
        var problem = await FindProblemAsync(server.ConnectionString + password);
        Assert.That(problem, Does.Contain("password=").And.Not.Contains("hunter2"));
    }

    [Test]
    public async Task Start_WrongPasswordAndSlowServer_WaitsUntilTheServerHasRejectedIt()
    {
        await using var server = await RedisServer.StartAsync("--requirepass", Secret);
        await using var proxy = new SlowProxy(server.Port);
        proxy.Hold();
        var starting = FindProblemAsync($"127.0.0.1:{proxy.Port},connectTimeout=200,connectRetry=1,password=wrong-" + Secret);

        // The client stops waiting for the connection meanwhile.
        await Task.WhenAny(starting, Task.Delay(TimeSpan.FromSeconds(1)));
        proxy.Release();
        Assert.That(await starting, Does.Contain("password=").And.Not.Contains("hunter2"));
    }

    [TestCase("allkeys-lru")]
    [TestCase("volatile-ttl")]
    public async Task Start_ServerThatEvicts_NamesThePolicyAndTheFix(string policy)
    {
        await using var server = await RedisServer.StartAsync("--maxmemory-policy", policy);
        Assert.That(
            await FindProblemAsync(server.ConnectionString),
            Is.EqualTo($"AddRedis(): the server's maxmemory-policy is {policy}, so it would evict limits and changes of keys when its "
                + "memory is full; set maxmemory-policy noeviction."));
    }

    [Test]
    public async Task Start_Replica_SaysToConnectToThePrimary()
    {
        await using var primary = await RedisServer.StartAsync();
        await using var replica = await RedisServer.StartAsync("--replicaof", $"127.0.0.1 {primary.Port}");
        Assert.That(await FindProblemAsync(replica.ConnectionString), Does.Contain("primary"));
    }

    [Test]
    public async Task Start_ServerWithoutScripts_NamesWhatIsMissing()
    {
        await using var server = await RedisServer.StartAsync("--rename-command", "EVAL", "", "--rename-command", "EVALSHA", "");
        Assert.That(await FindProblemAsync(server.ConnectionString), Does.Contain("EVAL"));
    }

    [Test]
    public async Task Start_GarnetWithoutTransactionMode_IsFoundAtEveryStart()
    {
        using var server = new GarnetServer();
        for (var start = 0; start < 5; start++)
        {
            Assert.That(await FindProblemAsync(server.ConnectionString), Does.Contain("--lua-transaction-mode"));
        }
    }

    [Test]
    public async Task Start_GarnetWithTransactionMode_StartsWithoutAWarning()
    {
        using var server = new GarnetServer("--lua-transaction-mode");
        using var log = new LogCapture();
        await using var node = await RedisNode.StartAsync(
            server.ConnectionString, options => options.Timeout = TimeSpan.FromSeconds(5), log: log);
        Assert.That(log.WarningMessages, Is.Empty);
    }

    [Test]
    public async Task Start_GarnetOverTheAppsConnection_WarnsThatItWasNotTested()
    {
        using var server = new GarnetServer("--lua-transaction-mode");
        await using var connection = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        using var log = new LogCapture();
        await using var node = await RedisNode.StartAsync(
            builder => builder.AddRedis(connection, options => options.Timeout = TimeSpan.FromSeconds(5)), log: log);
        Assert.That(log.WarningMessages, Has.Some.Contains("--lua-transaction-mode"));
        Assert.That((await node.CheckAsync(RedisNode.Subject("5/minute"))).Remaining, Is.EqualTo(4));
    }

    [Test]
    public async Task Start_UserWithTheRightsOfTheReadme_Decides()
    {
        await using var server = await RedisServer.StartAsync(
            ["--user", "default", "off", "--user", "app", "on", $">{Secret}", .. Rights.Split(' ')]);
        using var log = new LogCapture();
        await using var node = await RedisNode.StartAsync(
            $"{server.ConnectionString},user=app,password={Secret}", options => options.Timeout = TimeSpan.FromSeconds(5), log: log);
        Assert.That((await node.CheckAsync(RedisNode.Subject("5/minute", "key", "9/hour"))).Remaining, Is.EqualTo(4));
        Assert.That((await node.CheckAsync(RedisNode.Subject("5/minute", "key", "9/hour"))).Remaining, Is.EqualTo(3));
        Assert.That(await node.Services.GetRequiredService<IApiKeyInvalidator>().InvalidateAsync("key"), Is.True);
        Assert.That(log.WarningMessages, Is.Empty);
        var readme = await File.ReadAllTextAsync(Repository.PathOf("src", "ApiKeyAuth.Redis", "README.md"));
        Assert.That(readme.Replace("\nACL SETUSER app", "", StringComparison.Ordinal), Does.Contain(Rights));
    }

    [Test]
    public async Task Start_UrlWithAUserAndADatabase_Decides()
    {
        await using var server = await RedisServer.StartAsync(
            "--user", "default", "off", "--user", "app", "on", ">p@ss,w/rd", "~*", "&*", "+@all");
        var url = $"redis://app:p%40ss%2Cw%2Frd@127.0.0.1:{server.Port}/3";
        await using var node = await RedisNode.StartAsync(url, options => options.Timeout = TimeSpan.FromSeconds(5));
        Assert.That((await node.CheckAsync(RedisNode.Subject("5/minute"))).Remaining, Is.EqualTo(4));
        await using var connection = await ConnectionMultiplexer.ConnectAsync(
            new ConfigurationOptions { EndPoints = { { "127.0.0.1", server.Port } }, User = "app", Password = "p@ss,w/rd" });
        Assert.That(await connection.GetDatabase(3).KeyExistsAsync("apikeyauth:limit:{key}"), Is.True);
    }

    [Test]
    public async Task Start_UserWithoutAPermission_NamesThePermissions()
    {
        await using var server = await RedisServer.StartAsync(
            ["--user", "app", "on", $">{Secret}", .. Rights.Split(' '), "-set"]);
        Assert.That(
            await FindProblemAsync($"{server.ConnectionString},user=app,password={Secret}"),
            Is.EqualTo("AddRedis(): the server does not run the library's Lua scripts (ERR); it needs EVAL and EVALSHA, on Garnet --lua "
                + "and --lua-transaction-mode, and for an ACL user the permissions in the README of ApiKeyAuth.Redis."));
    }

    [Test]
    public async Task Start_ServerAway_SaysSoOnceAndDecidesAloneUntilItIsThere()
    {
        await using var server = await RedisServer.StartAsync();
        await server.KillAsync();
        using var log = new LogCapture();
        await using var node = await RedisNode.StartAsync(
            $"{server.ConnectionString},password={Secret},connectTimeout=300,connectRetry=1",
            options => options.RetryInterval = TimeSpan.FromMilliseconds(50),
            nodes: 2,
            log: log);

        Assert.That(log.WarningMessages, Has.Exactly(1).Contains("Redis does not answer"));
        Assert.That((await node.CheckAsync(RedisNode.Subject("10/minute"))).Remaining, Is.EqualTo(4));
        Assert.That(string.Join('\n', log.WarningMessages), Does.Not.Contain(Secret).And.Not.Contains($"{server.Port}"));
    }

    [Test]
    public void AddRedis_ConnectionStringThatCannotBeRead_DoesNotRepeatIt() =>
        Assert.That(
            () => new ServiceCollection().AddApiKeyAuth().AddRedis($"127.0.0.1,password=a,{Secret}=b"),
            Throws.ArgumentException.With.Message.Not.Contains(Secret).And.Message.Contains("host:port"));

    [TestCase("")]
    [TestCase(" ")]
    [TestCase(null)]
    public void AddRedis_WithoutAConnection_NamesTheArgument(string? connectionString) =>
        Assert.That(
            () => new ServiceCollection().AddApiKeyAuth().AddRedis(connectionString!),
            Throws.InstanceOf<ArgumentException>().With.Property(nameof(ArgumentException.ParamName)).EqualTo("connectionString"));

    [TestCase("KeyPrefix", "{app}:")]
    [TestCase("KeyPrefix", "app*")]
    [TestCase("KeyPrefix", "")]
    [TestCase("Database", -1)]
    [TestCase("Timeout", 0)]
    [TestCase("RetryInterval", 0)]
    [TestCase("ExpectedNodes", 0)]
    [TestCase("Outage", 7)]
    public void Start_WrongOption_NamesIt(string option, object value) =>
        Assert.That(
            async () => await RedisNode.StartAsync("127.0.0.1:1", options => Set(options, option, value)),
            Throws.InstanceOf<OptionsValidationException>().With.Message.StartsWith($"ApiKeyRedisOptions: {option} "));

    [Test]
    public async Task HealthCheck_ServerThereAndAway_TellsWhich()
    {
        await using var server = await RedisServer.StartAsync();
        await using var node = await RedisNode.StartAsync(builder =>
        {
            builder.Services.AddHealthChecks().AddApiKeyRedis();
            builder.AddRedis(server.ConnectionString, options => options.Timeout = TimeSpan.FromSeconds(2));
        });
        var health = node.Services.GetRequiredService<HealthCheckService>();
        Assert.That((await health.CheckHealthAsync()).Status, Is.EqualTo(HealthStatus.Healthy));
        await server.KillAsync();
        var report = await health.CheckHealthAsync();
        Assert.That(report.Status, Is.EqualTo(HealthStatus.Degraded));
        Assert.That(
            report.Entries["apikeyauth-redis"].Description, Does.Contain("Redis does not answer").And.Not.Contains($"{server.Port}"));
    }

    private static void Set(ApiKeyRedisOptions options, string option, object value)
    {
        var property = typeof(ApiKeyRedisOptions).GetProperty(option)!;
        property.SetValue(options, property.PropertyType == typeof(TimeSpan) ? TimeSpan.FromSeconds((int)value)
            : property.PropertyType.IsEnum ? Enum.ToObject(property.PropertyType, value) : value);
    }

    private static async Task<string> FindProblemAsync(string connectionString)
    {
        try
        {
            await using var node = await RedisNode.StartAsync(connectionString);
        }
        catch (InvalidOperationException exception)
        {
            Assert.That(exception.Message, Does.StartWith("AddRedis(): ").And.Not.Contains('\n'));
            Assert.That(exception.InnerException, Is.Null);
            return exception.Message;
        }

        return "";
    }
}
