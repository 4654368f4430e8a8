using ApiKeyAuth.Backplane;
using ApiKeyAuth.Backplane.Membership;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ApiKeyAuth.Tests.Backplane;

/// <summary>Tests when the number of nodes is stored: a larger one at once, a smaller one only if it lasts.</summary>
internal sealed class MemberCountRecorderTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Store _store = new();
    private MemberCountRecorder _recorder = null!;

    [SetUp]
    public void Create()
    {
        (_store.Count, _store.Writes, _store.IsUnavailable) = (null, 0, false);
        _recorder = new(_store, new(), _clock, NullLogger<MemberCountRecorder>.Instance);
    }

    [Test]
    public async Task Observe_LargerCount_IsStoredAtOnce()
    {
        await ObserveAsync(1);
        Assert.That(_store.Count, Is.Null, "It is read first.");
        await ObserveAsync(1);
        Assert.That(_store.Count, Is.EqualTo(1));
        await ObserveAsync(3);
        Assert.That(_store.Count, Is.EqualTo(3));
    }

    [Test]
    public async Task Observe_FirstNodeAfterARestart_DoesNotOverwriteTheLargerCount()
    {
        _store.Count = 3;
        for (var heartbeat = 0; heartbeat < 3; heartbeat++)
        {
            await ObserveAsync(1);
        }

        Assert.That(_store.Writes, Is.Zero);
        Assert.That(await _recorder.LoadAsync(), Is.EqualTo(3));
    }

    [Test]
    public async Task Observe_SmallerCountThatLasts_StoresTheLargestOfThatTime()
    {
        _store.Count = 4;
        await ObserveAsync(4);
        await ObserveAsync(1);
        _clock.Advance(MemberCountRecorder.DecreaseDelay / 2);
        await ObserveAsync(2);
        Assert.That(_store.Count, Is.EqualTo(4));
        _clock.Advance(MemberCountRecorder.DecreaseDelay / 2);
        await ObserveAsync(1);
        Assert.That(_store.Count, Is.EqualTo(2));
    }

    [Test]
    public async Task Observe_SmallerCountThatRecovers_IsNotStored()
    {
        _store.Count = 4;
        await ObserveAsync(4);
        await ObserveAsync(3);
        _clock.Advance(MemberCountRecorder.DecreaseDelay);
        await ObserveAsync(4);
        await ObserveAsync(3);
        _clock.Advance(MemberCountRecorder.DecreaseDelay - TimeSpan.FromTicks(1));
        await ObserveAsync(3);
        Assert.That(_store.Writes, Is.Zero);
    }

    [Test]
    public async Task Observe_StoreThatFails_IsTriedAgainAndNotOverwrittenUnread()
    {
        (_store.Count, _store.IsUnavailable) = (3, true);
        await ObserveAsync(1);
        Assert.That(await _recorder.LoadAsync(), Is.Null);
        _store.IsUnavailable = false;
        await ObserveAsync(1);
        await ObserveAsync(1);
        Assert.That(_store.Writes, Is.Zero);
        await ObserveAsync(5);
        Assert.That(_store.Count, Is.EqualTo(5));
    }

    [Test]
    public async Task Observe_WithoutAStore_DoesNothing()
    {
        var recorder = new MemberCountRecorder(null, new(), _clock, NullLogger<MemberCountRecorder>.Instance);
        recorder.Observe(3);
        Assert.That(await recorder.LoadAsync(), Is.Null);
    }

    private async Task ObserveAsync(int count)
    {
        _recorder.Observe(count);
        await _recorder.Pending;
    }

    private sealed class Store : IApiKeyMemberCountStore
    {
        public int? Count { get; set; }

        public bool IsUnavailable { get; set; }

        public int Writes { get; set; }

        public ValueTask<int?> GetMemberCountAsync(CancellationToken cancellationToken) =>
            IsUnavailable ? ValueTask.FromException<int?>(new TimeoutException()) : new(Count);

        public ValueTask SetMemberCountAsync(int count, CancellationToken cancellationToken)
        {
            Count = count;
            Writes++;
            return ValueTask.CompletedTask;
        }
    }
}
