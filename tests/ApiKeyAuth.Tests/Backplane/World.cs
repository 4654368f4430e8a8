namespace ApiKeyAuth.Tests.Backplane;

/// <summary>Time, chance and the processes of a simulation. Everything runs on one thread, so that a seed always gives the same run.</summary>
internal sealed class World(int seed)
{
    private readonly PriorityQueue<Action, (long At, long Order)> _events = new();
    private readonly List<Process> _processes = [];
    private long _order;

    public Chance Chance { get; } = new(seed);

    /// <summary>The true time, in ticks of 100 ns.</summary>
    public long Now { get; private set; }

    /// <summary>Counts everything that happens, so that of two things at the same time one is the first.</summary>
    public long Order => _order;

    /// <summary>Whether messages are late and processes stopped between any two steps, now and then.</summary>
    public bool IsTroubled { get; set; } = true;

    public void After(TimeSpan delay, Action happen) => _events.Enqueue(happen, (Now + Math.Max(0, delay.Ticks), _order++));

    public Process NewProcess()
    {
        // Clocks run differently by up to two in a hundred each: together by less than the lease's margin.
        var process = new Process(this, 1 + ((Chance.NextUnit() - 0.5) * 0.04));
        _processes.Add(process);
        return process;
    }

    public TimeSpan Between(double least, double most) => TimeSpan.FromMilliseconds(least + (Chance.NextUnit() * (most - least)));

    public bool Happens(double probability) => Chance.NextUnit() < probability;

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
