using System.Security.Cryptography;
using System.Text;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Tests.Management;

/// <summary>Tests that a report without the right signature is rejected, and does not reveal whether a key exists.</summary>
public sealed class LeakSignatureTests
{
    private const string Body = "A report of a key that is not signed correctly";

    [TestCase("no headers", "it has no signature")]
    [TestCase("no identifier", "it has no signature")]
    [TestCase("no signature", "it has no signature")]
    [TestCase("two signatures", "its signature is not Base64")]
    [TestCase("old identifier", "the identifier of its public key is not in LeakReports:PublicKeys")]
    [TestCase("signature of another body", "its signature does not match")]
    [TestCase("signature of another key", "its signature does not match")]
    [TestCase("changed byte", "its signature does not match")]
    [TestCase("changed signature", "its signature does not match")]
    [TestCase("fixed-length signature", "its signature does not match")]
    [TestCase("not DER", "its signature does not match")]
    [TestCase("not Base64", "its signature is not Base64")]
    [TestCase("long signature", "its signature is not Base64")]
    public async Task Report_WrongSignature_IsRejectedWhateverTheSecret(string fault, string reason)
    {
        await using var app = await LeakApp.StartAsync();
        var secret = await app.IssueAsync();
        var answers = new List<(int, string, string)>();
        foreach (var token in new[] { secret, app.App.NewSecret(), "some_token" })
        {
            var (body, headers) = CreateRequest(app, fault, LeakApp.Report(token));
            var answer = await app.SendAsync(body, headers);
            answers.Add((answer.Status, answer.Untraced, string.Join(',', answer.Headers.Keys.Order())));
            Assert.That(
                (answer.Code, answer["detail"]),
                Is.EqualTo(("forbidden", "The report is not signed with one of the public keys of this app")));
        }

        Assert.That(answers.Distinct().ToList(), Has.Count.EqualTo(1));
        Assert.That(answers[0].Item1, Is.EqualTo(403));
        Assert.That(await app.Keys.UseAsync(secret), Is.EqualTo(200));
        Assert.That(app.App.Logs.Of(55).Select(entry => entry.Message).Distinct(), Is.EqualTo(new[]
        {
            $"A report of leaked keys was rejected with 403, because {reason}.",
        }));
    }

    [Test]
    public async Task Report_RemovedPublicKey_IsRejected()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var app = await LeakApp.StartAsync(options =>
        {
            options.LeakReports.PublicKeys.Clear();
            options.LeakReports.PublicKeys["new"] = other.ExportSubjectPublicKeyInfoPem();
        });
        Assert.That((await app.ReportAsync("[]")).Status, Is.EqualTo(403));
    }

    [TestCase("")]
    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("[null]")]
    [TestCase("[{}]")]
    [TestCase("""[{"token":null}]""")]
    [TestCase("""[{"token":5}]""")]
    [TestCase("""[{"token":"hunter3","token":"hunter4"}]""")]
    [TestCase("""[{"token":"hunter3"}""")]
    public async Task Report_SignedButNotReports_Is400WithoutRepeatingIt(string body)
    {
        await using var app = await LeakApp.StartAsync();
        var refused = await app.ReportAsync(body);
        Assert.That((refused.Status, refused.Code, refused["detail"]), Is.EqualTo((
            400,
            "invalid_request",
            "The body must be a JSON array of objects with the strings token, type, url and source, of which token is required")));
        Assert.That(refused.Body, Does.Not.Contain("hunter"));
    }

    [Test]
    public async Task Report_MembersThatTheReporterAdded_AreIgnored()
    {
        await using var app = await LeakApp.StartAsync();
        var secret = await app.IssueAsync();
        var answer = await app.ReportAsync($$"""[{"token":"{{secret}}","type":"acme_key","repository":{"private":true} }]""");
        Assert.That((answer.Status, answer.Body), Is.EqualTo((200, $"[{LeakApp.Label(secret, true)}]")));
        Assert.That((await app.GetAuditEntryAsync()).Actor, Is.EqualTo("leak-report:unknown@unknown"));
    }

    [Test]
    public async Task Report_TooLong_Is400AndTheLongestIsAccepted()
    {
        await using var app = await LeakApp.StartAsync();
        Assert.That((await app.ReportAsync("[]" + new string(' ', 1_048_574))).Status, Is.EqualTo(200));
        var refused = await app.ReportAsync("[]" + new string(' ', 1_048_575));
        Assert.That((refused.Status, refused["detail"]), Is.EqualTo((400, "The body must be at most 1048576 bytes long")));
    }

    [Test]
    public async Task Report_LimitOfOneNetwork_Is429()
    {
        await using var app = await LeakApp.StartAsync(options => options.LeakReports.Limit = new RateLimit(2, TimeSpan.FromMinutes(1)));
        Assert.That((await app.SendAsync("[]")).Status, Is.EqualTo(403));
        Assert.That((await app.ReportAsync("[]")).Status, Is.EqualTo(200));
        var limited = await app.ReportAsync("[]");
        Assert.That((limited.Status, limited.Code, limited.Header("Retry-After")), Is.EqualTo((429, "rate_limit_exceeded", "60")));
        app.App.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.That((await app.ReportAsync("[]")).Status, Is.EqualTo(200));
    }

    private static (string Body, (string, string)[] Headers) CreateRequest(LeakApp app, string fault, string body)
    {
        var identifier = (LeakApp.IdentifierHeader, LeakApp.KeyId);
        var signature = app.Sign(body);
        (string, string) Signed(string value) => (LeakApp.SignatureHeader, value);
        return fault switch
        {
            "no headers" => (body, []),
            "no identifier" => (body, [Signed(signature)]),
            "no signature" => (body, [identifier]),
            "two signatures" => (body, [identifier, Signed(signature), Signed(signature)]),
            "old identifier" => (body, [(LeakApp.IdentifierHeader, "f9525bf080f75b3506ca1ead061add62b8633a34"), Signed(signature)]),
            "signature of another body" => (body, [identifier, Signed(app.Sign(Body))]),
            "signature of another key" => (body, [identifier, Signed(SignWithNewKey(body))]),
            "changed byte" => (body.Replace("commit", "commis", StringComparison.Ordinal), [identifier, Signed(signature)]),
            "changed signature" => (body, [identifier, Signed(Change(signature))]),
            "fixed-length signature" => (body, [identifier, Signed(Convert.ToBase64String(new byte[64]))]),
            "not DER" => (body, [identifier, Signed("AAAA")]),
            "not Base64" => (body, [identifier, Signed("!" + signature[1..])]),
            _ => (body, [identifier, Signed(signature + signature + signature)]),
        };
    }

    private static string SignWithNewKey(string body)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Convert.ToBase64String(
            key.SignData(Encoding.UTF8.GetBytes(body), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
    }

    private static string Change(string signature)
    {
        var bytes = Convert.FromBase64String(signature);
        bytes[^1] ^= 1;
        return Convert.ToBase64String(bytes);
    }
}
