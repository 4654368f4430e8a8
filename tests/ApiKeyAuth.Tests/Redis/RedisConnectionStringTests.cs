using System.Net;
using ApiKeyAuth.Redis.Connection;

namespace ApiKeyAuth.Tests.Redis;

/// <summary>Formats of connection strings, and errors for invalid ones.</summary>
internal sealed class RedisConnectionStringTests
{
    private const string Secret = "hunter2";

    [TestCase("redis://app:pw@cache.example:6380/3", "cache.example", 6380, false, "app", "pw", 3)]
    [TestCase("rediss://app:pw@cache.example:6380", "cache.example", 6380, true, "app", "pw", null)]
    [TestCase("redis://cache.example", "cache.example", 6379, false, null, null, null)]
    [TestCase("rediss://cache.example", "cache.example", 6379, true, null, null, null)]
    [TestCase("rediss://:pw@cache.example/", "cache.example", 6379, true, null, "pw", null)]
    [TestCase("redis://app:@my_redis:6379/0", "my_redis", 6379, false, "app", null, 0)]
    [TestCase("redis://a%40b:p%2Fw%3A%25%2C@cache.example", "cache.example", 6379, false, "a@b", "p/w:%,", null)]
    [TestCase("redis://app:p:w+x@cache.example", "cache.example", 6379, false, "app", "p:w+x", null)]
    [TestCase("REDISS://app:pw@cache.example", "cache.example", 6379, true, "app", "pw", null)]
    [TestCase("valkeys://default:pw@cache.example:6380", "cache.example", 6380, true, "default", "pw", null)]
    [TestCase(" redis://cache.example ", "cache.example", 6379, false, null, null, null)]
    public void Read_Url_TakesEachPartOfIt(string url, string host, int port, bool isTls, string? user, string? password, int? database)
    {
        var options = RedisConnectionString.Parse(url);
        Assert.That(options.EndPoints, Is.EqualTo(new EndPoint[] { new DnsEndPoint(host, port) }));
        Assert.That((options.Ssl, options.User, options.Password, options.DefaultDatabase), Is.EqualTo((isTls, user, password, database)));
    }

    [TestCase("redis://:pw@[::1]:6380/1", "::1", 6380)]
    [TestCase("rediss://[2001:db8::7]", "2001:db8::7", 6379)]
    [TestCase("redis://10.0.0.7:6379", "10.0.0.7", 6379)]
    public void Read_UrlWithAnAddress_UsesIt(string url, string address, int port) =>
        Assert.That(
            RedisConnectionString.Parse(url).EndPoints, Is.EqualTo(new EndPoint[] { new IPEndPoint(IPAddress.Parse(address), port) }));

    [TestCase("http://app:hunter2@cache.example", "scheme")]
    [TestCase("redis-sentinel://app:hunter2@cache.example", "scheme")]
    [TestCase("redis://app:hunter2@", "host:port/database")]
    [TestCase("redis://app:hunter2@cache.example:6379/0/hunter2", "host:port/database")]
    [TestCase("redis://app:hunter2@cache.example?ssl_cert_reqs=hunter2", "host:port/database")]
    [TestCase("redis://app:hunter2@cache.example#hunter2", "host:port/database")]
    [TestCase("redis://app:hunter2@cache.example:hunter2", "port")]
    [TestCase("redis://app:hunter2@cache.example:0", "port")]
    [TestCase("redis://app:hunter2@cache.example:65536", "port")]
    [TestCase("redis://app:hunter2@cache.example/hunter2", "database")]
    [TestCase("redis://app:hunter2@cache.example/-1", "database")]
    [TestCase("redis://app:hunter2@[hunter2]:1", "IPv6")]
    [TestCase("redis://app:hunter2@[::1::]:1", "IPv6")]
    [TestCase("redis://app:hun@ter2@cache.example", "%40")]
    [TestCase("redis://app:hunter2/hunter2@cache.example", "%2F")]
    [TestCase("redis://app:hunter2%zz@cache.example", "%25")]
    [TestCase("redis://hunter2@cache.example", "ambiguous")]
    [TestCase("redis://cache.example:6379,password=hunter2", "ambiguous")]
    [TestCase("redis://app:hunter2,x@cache.example", "%2C")]
    public void Read_UrlThatIsWrongOrAmbiguous_SaysWhereAndShowsNoPartOfIt(string url, string said) =>
        Assert.That(
            () => RedisConnectionString.Parse(url),
            Throws.TypeOf<FormatException>().With.Message.Contains(said).And.Message.Not.Contains("hun").And.Message.Not.Contains("ter2"));

    [TestCase("cache.example:6379,pasword=hunter2", "part 2 (\"pasword\") is not an option")]
    [TestCase("cache.example,ssl=hunter2", "part 2 (\"ssl\") has a value")]
    [TestCase("cache.example:hunter2", "part 1 is not host or host:port")]
    [TestCase("cache.example:99999", "part 1 is not host or host:port")]
    [TestCase("rediss:/hunter2:6379:1", "URL")]
    [TestCase("cache.example,password=a,hunter2=b", "part 3 is not an option")]
    [TestCase("cache.example,password=a,hunter2", "part 3 is a host after the password")]
    [TestCase("cache.example,redis://app:hunter2@other.example", "URL")]
    [TestCase("ssl=true", "names no server")]
    [TestCase(",", "names no server")]
    public void Read_OptionsThatAreWrong_SaysWhichAndShowsNoValue(string text, string said) =>
        Assert.That(
            () => RedisConnectionString.Parse(text),
            Throws.TypeOf<FormatException>().With.Message.Contains(said).And.Message.Not.Contains(Secret));

    [Test]
    public void Read_OptionsOfTheClient_AreReadAsBefore()
    {
        var options = RedisConnectionString.Parse(
            "one.example:6380,two.example,$INFO=,password=p=w,ssl=true,serviceName=main,defaultDatabase=2");
        Assert.That(options.EndPoints, Has.Count.EqualTo(2));
        Assert.That(
            (options.Password, options.Ssl, options.ServiceName, options.DefaultDatabase), Is.EqualTo(("p=w", true, "main", (int?)2)));
    }
}
