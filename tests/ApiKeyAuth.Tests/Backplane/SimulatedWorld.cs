using ApiKeyAuth.Tests.TestHost;

namespace ApiKeyAuth.Tests.Backplane;

/// <summary>
/// Represents the time, the random numbers and the processes of a simulation. It is single-threaded, so a seed always gives the same run.
/// </summary>
internal sealed class SimulatedWorld(int seed)
{
    private readonly PriorityQueue<Action, (long At, long Order)> _events = new();
    private readonly List<SimulatedProcess> _processes = [];
    private long _order;

    public SeededRandom Random { get; } = new(seed);

    /// <summary>Gets the true time, in ticks of 100 ns.</summary>
    public long Now { get; private set; }

    /// <summary>Gets the number of events so far, which orders events at the same time.</summary>
    public long Order => _order;

    /// <summary>Gets or sets whether messages may be late and processes may be suspended between any two steps.</summary>
    public bool IsTroubled { get; set; } = true;

    public void After(TimeSpan delay, Action happen) => _events.Enqueue(happen, (Now + Math.Max(0, delay.Ticks), _order++));

    public SimulatedProcess NewProcess()
    {
        // Clocks differ by up to 2 % each, which is less than the margin of the lease.
        var process = new SimulatedProcess(this, 1 + ((Random.NextUnit() - 0.5) * 0.04));
        _processes.Add(process);
        return process;
    }

    public TimeSpan Between(double min, double max) => TimeSpan.FromMilliseconds(min + (Random.NextUnit() * (max - min)));

    public bool Happens(double probability) => Random.NextUnit() < probability;

    public void RunUntil(TimeSpan end)
    {
        while (_events.TryPeek(out var happen, out var when) && when.At <= end.Ticks)
        {
            _events.Dequeue();
            Now = when.At;
            _order++;
            happen();
            while (_processes.Exists(process => process.RunOne()))
            {
                _order++;
            }
        }
    }
}
