using System.Net;
using ApiKeyAuth.Alerts;
using ApiKeyAuth.Alerts.Webhooks;
using Microsoft.Extensions.Time.Testing;

namespace ApiKeyAuth.Tests.Alerts;

/// <summary>
/// Addresses that webhooks must not use are rejected when they are connected to, in any notation and for any name.
/// </summary>
public sealed class WebhookAddressTests
{
    // All forms of addresses that are rejected at startup, here as if a name had resolved to them.
    private static readonly string[] Refused =
    [
        "0.0.0.0", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254", "168.63.129.16", "169.254.169.254",
        "172.16.0.1", "172.31.255.255",
        "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1",
        "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:a9fe:a9fe", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::808:808", "100::1",
        "2001::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::1", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254",
        "fe80::1", "fec0::1", "ff02::1",
    ];

    private static readonly string[] Taken =
    [
        "1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.169.0.1", "223.255.255.254",
        "::ffff:8.8.8.8", "64:ff9b::808:808", "2606:4700::1111", "2a00:1450:4001::1",
    ];

    [TestCaseSource(nameof(Refused))]
    public async Task Name_ThatResolvesThere_IsNotConnectedTo(string address)
    {
        Assert.That(await SendAsync("https://hooks.example.com/", IPAddress.Parse(address)), Is.EqualTo("ForbiddenAddressException"));
        Assert.That(
            await SendAsync("https://hooks.example.com/", IPAddress.Parse("8.8.8.8"), IPAddress.Parse(address)),
            Is.EqualTo("ForbiddenAddressException"),
            "one of several");
    }

    [TestCaseSource(nameof(Taken))]
    public void Address_OfThePublic_IsAllowed(string address) =>
        Assert.That(WebhookAddress.IsAllowed(IPAddress.Parse(address), []), Is.True);

    [TestCase("10.0.0.0/8", "10.1.2.3", true)]
    [TestCase("10.0.0.0/8", "::ffff:10.1.2.3", true)]
    [TestCase("10.1.2.4/32", "10.1.2.3", false)]
    [TestCase("fd00::/8", "fd00::1", true)]
    [TestCase("fd00::/8", "::1", false)]
    public void Address_ThatIsNamed_IsAllowed(string network, string address, bool isAllowed) =>
        Assert.That(WebhookAddress.IsAllowed(IPAddress.Parse(address), [IPNetwork.Parse(network)]), Is.EqualTo(isAllowed));

    [TestCase("127.1")]
    [TestCase("0x7f.1")]
    [TestCase("2130706433")]
    [TestCase("[::ffff:127.0.0.1]")]
    [TestCase("[64:ff9b::7f00:1]")]
    [TestCase("localhost.")]
    [TestCase("localhost")]
    public async Task Address_WrittenInAnyForm_IsNotConnectedTo(string host)
    {
        // With the machine's own resolver, without the check at startup.
        await using var receiver = await WebhookReceiver.StartAsync();
        var reason = await SendAsync(receiver.Url.Replace("127.0.0.1", host, StringComparison.Ordinal), Dns.GetHostAddressesAsync);
        Assert.That((reason.Length > 0, receiver.Requests.Count), Is.EqualTo((true, 0)));
    }

    [Test]
    public async Task Name_ThatMovesBetweenSaveAndSend_IsResolvedEachTime()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var resolved = new List<string>();
        var url = receiver.Url.Replace("127.0.0.1", "hooks.example.com", StringComparison.Ordinal);
        Assert.That(WebhookAddress.FindProblem(url, allowHttp: true, []), Is.Null, "nothing is known against the name");
        var reason = await SendAsync(url, (host, _) =>
        {
            resolved.Add(host);
            return Task.FromResult(new[] { IPAddress.Loopback });
        });
        Assert.That((reason, receiver.Requests.Count), Is.EqualTo(("ForbiddenAddressException", 0)));
        Assert.That(resolved, Is.EqualTo(new[] { "hooks.example.com" }));
    }

    [Test]
    public async Task Name_ThatIsNotFound_Fails() =>
        Assert.That(await SendAsync("https://hooks.example.com/"), Is.EqualTo("ForbiddenAddressException"));

    private static Task<string> SendAsync(string url, params IPAddress[] addresses) => SendAsync(url, (_, _) => Task.FromResult(addresses));

    private static async Task<string> SendAsync(string url, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        using var sender = new WebhookSender(new FakeTimeProvider(), resolve);
        var webhook = new ApiKeyWebhookOptions { Name = "ops", Url = url };
        return (await sender.SendAsync(webhook, [new byte[32]], "id", "{}"u8.ToArray(), default)).Reason;
    }
}
