using ApiKeyAuth.Configuration;

namespace ApiKeyAuth.Tests.Configuration;

public sealed class NetworksTests
{
    [TestCase("203.0.113.0/24", "203.0.113.0/24")]
    [TestCase("203.0.113.7", "203.0.113.7/32")]
    [TestCase("0.0.0.0/0", "0.0.0.0/0")]
    [TestCase("2001:DB8::/48", "2001:db8::/48")]
    [TestCase("2001:db8::1", "2001:db8::1/128")]
    [TestCase("::ffff:203.0.113.7", "203.0.113.7/32")]
    [TestCase("::ffff:203.0.113.0/120", null)]
    [TestCase("203.0.113.7/24", null)]
    [TestCase("2001:db8::1/48", null)]
    [TestCase("203.0.113.0/33", null)]
    [TestCase("203.0.113.0/-1", null)]
    [TestCase("203.0.113.0/", null)]
    [TestCase("203.0.113.0/24/24", null)]
    [TestCase("010.0.0.1", null)]
    [TestCase("10/8", null)]
    [TestCase("0x7f.0.0.1", null)]
    [TestCase("fe80::1%2", null)]
    [TestCase("[2001:db8::1]", null)]
    [TestCase(" 203.0.113.7", null)]
    [TestCase("", null)]
    public void Parse_AnyText_IsStrict(string text, string? network) =>
        Assert.That(Networks.Parse(text)?.ToString(), Is.EqualTo(network));
}
