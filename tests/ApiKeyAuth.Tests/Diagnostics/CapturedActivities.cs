using System.Collections.Concurrent;
using System.Diagnostics;

namespace ApiKeyAuth.Tests.Diagnostics;

/// <summary>Captures all completed activities of all sources.</summary>
internal sealed class CapturedActivities : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly ConcurrentQueue<Activity> _ended = new();

    public CapturedActivities()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IReadOnlyList<Activity> All => [.. _ended];

    public IReadOnlyList<Activity> StoreLoads => [.. _ended.Where(activity => activity.OperationName == "apikeyauth.store.load")];

    public static string Describe(Activity activity) =>
        $"{activity.DisplayName} {activity.StatusDescription} {Join(activity.TagObjects)} {Join(activity.Baggage)} "
        + string.Join(' ', activity.Events.Select(e => $"{e.Name} {Join(e.Tags)}"));

    public void Dispose() => _listener.Dispose();

    private static string Join<T>(IEnumerable<KeyValuePair<string, T>> pairs) =>
        string.Join(' ', pairs.Select(pair => $"{pair.Key}={pair.Value}"));
}
