using ApiKeyAuth.Authorization;
using ApiKeyAuth.Management;

namespace ApiKeyAuth.IntegrationTests.Samples.Twyn;

/// <summary>The page's heading "Error Responses", and what else is refused: all in its shape.</summary>
internal sealed class ErrorResponsesTests
{
    private const string Unauthorized = "Invalid or missing API key";
    private static readonly NewApiKey OfFirstTenant = new() { Name = "n", TenantId = "tenant_acme" };

    private static RunningSample Sample => TwynSample.Running;

    [TestCase]
    [TestCase("X-API-Key: ")]
    [TestCase("X-API-Key: nonsense")]
    [TestCase("X-API-Key: twyn_live_1234567890abcdef")]
    [TestCase("X-API-Key: twyn_live_0000000000000000000000000000000000000000000000000000000000000000")]
    [TestCase("X-API-Key: twyn_prod_0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task Unauthorized_MissingOrInvalid_ReadsAsShown(params string[] headers)
    {
        var refused = await Sample.GetAsync(TwynSample.Simulations, headers);
        TwynSample.AssertDetail(refused, 401, Unauthorized);
        Assert.That(refused.Header("WWW-Authenticate"), Is.Not.Null);
    }

    [Test]
    public async Task Unauthorized_Expired_ReadsTheSame() =>
        TwynSample.AssertDetail(
            await Sample.GetAsync(TwynSample.Simulations, "X-API-Key: " + await Sample.IssueExpiredAsync(OfFirstTenant)),
            401,
            Unauthorized);

    [Test]
    public async Task Unauthorized_Revoked_ReadsTheSame()
    {
        var issued = await Sample.IssueAsync(OfFirstTenant);
        await Sample.ManageAsync(keys => keys.RevokeAsync(ApiKeyCaller.System, issued.Key.Id));
        TwynSample.AssertDetail(await Sample.GetAsync(TwynSample.Simulations, "X-API-Key: " + issued.Secret), 401, Unauthorized);
    }

    [Test]
    public async Task Forbidden_SimulationOfAnotherTenant_ReadsAsShown() =>
        TwynSample.AssertDetail(
            await Sample.GetAsync(TwynSample.Simulations + "/123", TwynSample.OtherTenant),
            403,
            "Access denied: simulation belongs to different tenant");

    [Test]
    public async Task BadRequest_TwoKeys_HasTheShape()
    {
        var refused = await TwynSample.CurlAsync(
            """curl https://api.twyn.it/v1/keys -H "X-API-Key: $TWYN_API_KEY" -H "X-API-Key: $TWYN_TEST_KEY" """);
        Assert.That(refused.ToString(), Is.EqualTo("""{"detail":"The request carries more than one API key; send one, once"}"""));
    }

    [Test]
    public async Task Unauthorized_TwoKeysInOneLine_ReadsTheSame() =>
        TwynSample.AssertDetail(await Sample.GetAsync(TwynSample.Simulations, TwynSample.Live, TwynSample.Test), 401, Unauthorized);

    [TestCase("{}", "name is required")]
    [TestCase("""{"name":"n","rate_limit":0}""", "rate_limit must be a whole number from 1 to 4000000000")]
    [TestCase("""{"name":"n","expires_in_days":0}""", "expires_in_days must be a whole number from 1 to 36500")]
    [TestCase("""{"rate_limit":4000000001}""", "name is required; rate_limit must be a whole number from 1 to 4000000000")]
    [TestCase(
        """{"name":" ","rate_limit":-1,"expires_in_days":36501}""",
        "name is required; rate_limit must be a whole number from 1 to 4000000000; expires_in_days must be a whole number from 1 to 36500")]
    [TestCase("""{"name":"n","rate_limit":"500"}""", SampleAnswer.Malformed)]
    [TestCase("""{"name":"n","rate_limit":1.5}""", SampleAnswer.Malformed)]
    [TestCase("""{"name":5}""", SampleAnswer.Malformed)]
    [TestCase("""{"Name":"n"}""", SampleAnswer.Malformed)]
    [TestCase("""{"name":"n","tenant_id":"tenant_globex"}""", SampleAnswer.Malformed)]
    [TestCase("""{"name":"n","name":"m"}""", SampleAnswer.Malformed)]
    [TestCase("""{"name":"\ud800"}""", SampleAnswer.Malformed)]
    [TestCase("null", SampleAnswer.Malformed)]
    [TestCase("[]", SampleAnswer.Malformed)]
    [TestCase("{", SampleAnswer.Malformed)]
    public async Task BadRequest_BodyOfANewKey_NamesWhatIsWrong(string body, string detail) =>
        TwynSample.AssertDetail(await Sample.SendAsync("POST", TwynSample.Keys, body, TwynSample.Live), 400, detail);

    [TestCase("""{"name":""}""", "name is required")]
    [TestCase("""{"name":null}""", SampleAnswer.Malformed)]
    [TestCase("""{"is_active":null}""", SampleAnswer.Malformed)]
    [TestCase("""{"is_active":"false"}""", SampleAnswer.Malformed)]
    [TestCase("""{"rate_limit":null}""", SampleAnswer.Malformed)]
    [TestCase("""{"rate_limit":0}""", "rate_limit must be a whole number from 1 to 4000000000")]
    [TestCase("""{"usage_count":0}""", SampleAnswer.Malformed)]
    public async Task BadRequest_BodyOfAChange_NamesWhatIsWrong(string body, string detail)
    {
        var (id, _) = await TwynSample.MakeKeyAsync();
        TwynSample.AssertDetail(await Sample.SendAsync("PATCH", $"{TwynSample.Keys}/{id}", body, TwynSample.Live), 400, detail);
    }

    [TestCase("{}", "name is required")]
    [TestCase("""{"name":"n","tenant_id":"tenant_globex"}""", SampleAnswer.Malformed)]
    public async Task BadRequest_BodyOfASimulation_NamesWhatIsWrong(string body, string detail) =>
        TwynSample.AssertDetail(await Sample.SendAsync("POST", TwynSample.Simulations, body, TwynSample.Live), 400, detail);

    [Test]
    public async Task UnsupportedMediaType_FormInsteadOfJson_HasTheShape() => Assert.That(
        $"{await TwynSample.CurlAsync("""curl https://api.twyn.it/v1/keys -H "X-API-Key: $TWYN_API_KEY" -d '{"name":"n"}' """)}",
        Is.EqualTo("""{"detail":"Unsupported Media Type"}"""));

    [TestCase("GET", "/v1/simulations/none", 404, "Simulation not found")]
    [TestCase("GET", "/v1/keys/none", 404, "The API key does not exist")]
    [TestCase("GET", "/v1/nothing", 404, "Not Found")]
    [TestCase("PUT", "/v1/keys", 405, "Method Not Allowed")]
    public async Task NotFound_AndOthers_HaveTheShape(string method, string path, int status, string detail) =>
        TwynSample.AssertDetail(await Sample.SendAsync(method, path, null, TwynSample.Live), status, detail);

    [Test]
    public async Task Forbidden_KeyOfMoreThanTheMaker_HasTheShape()
    {
        var (_, small) = await TwynSample.MakeKeyAsync("""{"name":"n","rate_limit":5,"expires_in_days":1}""");
        TwynSample.AssertDetail(
            await Sample.SendAsync("POST", TwynSample.Keys, """{"name":"n","rate_limit":6}""", small),
            403,
            "The rate limits of the key would exceed those of the caller");
        var outliving = await Sample.SendAsync("POST", TwynSample.Keys, """{"name":"n","expires_in_days":2}""", small);
        Assert.That((outliving.Status, SampleAnswer.Members(outliving.Json)), Is.EqualTo((403, new[] { "detail" })));
    }
}
