using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Authentication;

/// <summary>
/// Hears every log category at every level, every activity and every measurement of the process, and looks for secrets and digests.
/// </summary>
[NonParallelizable]
public sealed class LeakTests
{
    private readonly ConcurrentQueue<string> _heard = new();
    private ActivityListener _activities = null!;
    private MeterListener _meters = null!;

    [SetUp]
    public void Listen()
    {
        _heard.Clear();
        _activities = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Hear,
        };
        ActivitySource.AddActivityListener(_activities);
        _meters = new MeterListener { InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument) };
        _meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Hear(instrument, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Hear(instrument, tags));
        _meters.Start();
    }

    [TearDown]
    public void StopListening()
    {
        _activities.Dispose();
        _meters.Dispose();
    }

    [Test]
    public async Task Secrets_OnEveryWay_AreHeardNowhere()
    {
        await using var app = await StartAsync();
        var (good, unknown, revoked, other) = (
            await app.IssueAsync(), app.NewSecret(), await app.IssueAsync(key => key with { Enabled = false }), app.NewSecret());
        var malformed = unknown[..^6] + "000000";
        var answers = new StringBuilder();
        foreach (var secret in new[] { good, unknown, revoked, malformed, malformed + "\u0001", unknown + "\0", "key_test_" + good[9..] + good[9..], good + " " + other })
        {
            foreach (var path in new[] { "/", "/open", "/scoped", "/nowhere", "/fails", "/beside" })
            {
                answers.Append(await app.SendRawAsync(path, "X-API-Key: " + secret));
                answers.Append(await app.SendRawAsync(path, "Authorization: Bearer " + secret));
                answers.Append(await app.SendRawAsync(path, "X-API-Key: " + secret, "Authorization: Bearer " + other));
                answers.Append(await app.SendRawAsync(path + "?api_key=" + Uri.EscapeDataString(secret)));
            }
        }

        _meters.RecordObservableInstruments();
        Assert.That(
            _heard,
            Has.Some.Contains("apikeyauth.authentications").And.Some.Contains("apikeyauth.store.load").And.Some.Contains("HttpRequestIn"));
        Assert.That(app.Logs.Entries, Has.Some.Matches<LogCapture.Entry>(entry => entry.Text.Contains("key1", StringComparison.Ordinal)));
        string[] everything = [.. app.Logs.Entries.Select(entry => entry.Text), .. _heard, answers.ToString()];
        foreach (var secret in new[] { good, unknown, revoked, other })
        {
            AssertAbsent(secret, everything);
        }
    }

    private static Task<TestApp> StartAsync() => TestApp.StartAsync(
        web =>
        {
            web.MapGet("/", () => "in").RequireAuthorization();
            web.MapGet("/open", () => "open");
            web.MapGet("/scoped", () => "in").RequireScope("scoped");
            web.MapGet("/beside", () => "in")
                .RequireAuthorization(new RequireScopeAttribute("scoped") { AuthenticationSchemes = "Bearer,ApiKey" });
            web.MapGet("/fails", string () => throw new InvalidOperationException("An endpoint fails.")).RequireAuthorization();
        },
        keys: keys => keys.AddScheme(ApiKeyDefaults.AuthenticationScheme, scheme => scheme.UnsafeQueryParameter = "api_key"),
        options: options =>
        {
            options.RateLimiting.FailedAuthentications = null;
            options.Peppers.Add(new ApiKeyPepper("p1", new byte[32]));
        },
        services: services => services.AddAuthentication("ApiKey").AddTestJwt());

    private static void AssertAbsent(string secret, string[] everything)
    {
        var digest = SHA256.HashData(Encoding.ASCII.GetBytes(secret));
        var peppered = HMACSHA256.HashData(new byte[32], digest);
        string[] forms =
        [
            secret[9..30],
            .. new[] { digest, peppered }.SelectMany(bytes => new[] { Convert.ToHexString(bytes), Convert.ToBase64String(bytes) }),
        ];
        foreach (var form in forms)
        {
            Assert.That(everything.Where(text => text.Contains(form, StringComparison.OrdinalIgnoreCase)), Is.Empty);
        }
    }

    private void Hear(Activity activity) => _heard.Enqueue(
        $"{activity.OperationName} {activity.DisplayName} {activity.StatusDescription} {string.Join(' ', activity.TagObjects)} {string.Join(' ', activity.Baggage)} "
        + string.Join(' ', activity.Events.SelectMany(e => e.Tags)));

    private void Hear(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _heard.Enqueue($"{instrument.Name} {string.Join(' ', tags.ToArray())}");
}
