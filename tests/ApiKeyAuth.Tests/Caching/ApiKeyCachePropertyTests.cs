using ApiKeyAuth.Caching;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.Stores;
using CsCheck;

namespace ApiKeyAuth.Tests.Caching;

/// <summary>Random interleavings of lookups, changes, results of the store and time, compared with what each caller may see.</summary>
public sealed class ApiKeyCachePropertyTests
{
    private const int Secrets = 6;

    [Test]
    public Task Find_AnyInterleaving_NeverReturnsAnInvalidatedKey() =>
        Check.SampleAsync(
            Gen.Select(Gen.Int[0, 9], Gen.Int[0, 1_000]).Array[1, 60], async operations =>
            {
                await using var run = new Run();
                foreach (var (operation, argument) in operations)
                {
                    await run.StepAsync(operation, argument);
                }
            },
            iter: 400);

    /// <summary>
    /// Three keys with two secrets each. The store returns the version that was current when it was called, however late it completes.
    /// </summary>
    private sealed class Run : IAsyncDisposable
    {
        private readonly GatedStore _store = new();
        private readonly CacheRig _rig;
        private readonly int?[] _versions = [1, 1, 1];
        private readonly List<(int Secret, ApiKey? Answer, GatedStore.Call Call, Task Lookup)> _inFlight = [];
        private readonly HashSet<int> _joinable = [];
        private readonly List<Task> _waiters = [];
        private readonly HashSet<GatedStore.Call> _detached = [];
        private int _lastVersion = 1;
        private int _answered;

        public Run() => _rig = new CacheRig(new ApiKeyCacheOptions { MaxKnownKeys = 3, MaxUnknownKeys = 100 }, _store);

        public Task StepAsync(int operation, int argument) => operation switch
        {
            <= 3 => FindAsync(argument % Secrets),
            <= 6 => AnswerAsync(argument),
            7 => Change(argument % 3, ++_lastVersion),
            8 => Change(argument % 3, null),
            _ => Advance(argument),
        };

        public async ValueTask DisposeAsync()
        {
            while (_inFlight.Count > 0)
            {
                await AnswerAsync(0);
            }

            await Task.WhenAll(_waiters).WaitAsync(Eventually.Deadline);
            Assert.That(_rig.Cache.LoadCount, Is.Zero);
            Assert.That(_rig.Cache.KnownCount, Is.LessThanOrEqualTo(3));
            _rig.Dispose();
        }

        private async Task FindAsync(int secret)
        {
            var current = Current(secret);
            var lookup = _rig.FindAsync($"s{secret}");
            _waiters.Add(CheckAsync(lookup, current));
            if (lookup.IsCompleted)
            {
                return;
            }

            // Each key has one load until it completes or an invalidation detaches it.
            if (_joinable.Add(secret))
            {
                _inFlight.Add((secret, current, await _store.NextAsync(), lookup));
            }

            Assert.That(_store.Calls, Is.EqualTo(_inFlight.Count + _answered));
        }

        private async Task AnswerAsync(int argument)
        {
            if (_inFlight.Count == 0)
            {
                return;
            }

            var (secret, answer, call, lookup) = _inFlight[argument % _inFlight.Count];
            _inFlight.RemoveAt(argument % _inFlight.Count);
            _answered++;
            call.Answer(answer);
            await lookup.WaitAsync(Eventually.Deadline);
            if (!_detached.Remove(call))
            {
                _joinable.Remove(secret);
            }

            Assert.That(_rig.Cache.LoadCount, Is.EqualTo(_joinable.Count));
        }

        private Task Change(int key, int? version)
        {
            _versions[key] = version;
            _rig.Cache.Invalidate($"k{key}");
            _joinable.Clear();
            _detached.UnionWith(_inFlight.Select(load => load.Call));
            return Task.CompletedTask;
        }

        private Task Advance(int argument)
        {
            // Only if no load is in flight, so that no store timeout occurs.
            if (_inFlight.Count == 0)
            {
                _rig.Clock.Advance(TimeSpan.FromSeconds(argument % 70));
            }

            return Task.CompletedTask;
        }

        private ApiKey? Current(int secret)
        {
            var key = secret / 2;
            return _versions[key] is { } version
                ? CacheRig.Key($"k{key}", $"s{key * 2}", $"s{(key * 2) + 1}") with { Name = $"{version}" }
                : null;
        }

        // Each change is followed by its invalidation, so a caller sees the key that was current at the call, or a later one.
        private static async Task CheckAsync(Task<ApiKeyLookupResult> lookup, ApiKey? current)
        {
            var found = (await lookup).Key?.Key;
            Assert.That((found?.Id, found?.Name), Is.EqualTo((current?.Id, current?.Name)));
        }
    }
}
