using System.Net;
using System.Text.Json;

namespace ApiKeyAuth.IntegrationTests.Samples;

/// <summary>What a sample answered.</summary>
internal sealed record SampleAnswer(HttpStatusCode Code, string Body, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The error of every sample for a body that cannot be bound.</summary>
    public const string Malformed = "The body must be a JSON object of known members with values of the right types, each of them once";

    public int Status => (int)Code;

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>The members of a JSON object, in their order.</summary>
    public static string[] Members(JsonElement json) => [.. json.EnumerateObject().Select(member => member.Name)];

    /// <summary>Holds the answer to a refusal as problem details with its code.</summary>
    public void AssertProblem(int status, string code)
    {
        Assert.That(Status, Is.EqualTo(status), Body);
        Assert.That(Header("Content-Type"), Is.EqualTo("application/problem+json"));
        Assert.That(Json.GetProperty("code").GetString(), Is.EqualTo(code));
        Assert.That(Members(Json), Is.SupersetOf(new[] { "type", "title", "status", "detail", "code", "traceId" }));
        Assert.That(Header("WWW-Authenticate"), status == 401 ? Is.Not.Null : Is.Null.Or.Contain("insufficient_scope"));
    }

    /// <summary>Asserts problem details for a body that could not be bound.</summary>
    public void AssertMalformed()
    {
        Assert.That((Status, Header("Content-Type")), Is.EqualTo((400, "application/problem+json")), Body);
        Assert.That(
            (Json.GetProperty("title").GetString(), Json.GetProperty("detail").GetString(), Json.GetProperty("code").GetString()),
            Is.EqualTo(("Bad Request", Malformed, "invalid_request")));
        Assert.That(
            Members(Json), Is.EquivalentTo(new[] { "type", "title", "status", "detail", "code", "traceId" }));
    }
}
