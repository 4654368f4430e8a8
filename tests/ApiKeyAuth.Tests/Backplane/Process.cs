namespace ApiKeyAuth.Tests.Backplane;

/// <summary>A process of a simulation: its tasks run in an order of chance, it can be stopped and continued, and its clock has a speed of its own.</summary>
internal sealed class Process(World world, double speed) : TaskScheduler
{
    private readonly List<Task> _ready = [];
    private readonly List<Action> _missed = [];
    private bool _isStopped;

    public bool IsDead { get; private set; }

    public TimeProvider Clock => field ??= new ProcessClock(world, this, speed);

    public Task Start(Func<Task> run) =>
        Task.Factory.StartNew(run, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    public Task<T> Start<T>(Func<Task<T>> run) =>
        Task.Factory.StartNew(run, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    /// <summary>Ends it as a crash does.</summary>
    public void Kill() => IsDead = true;

    /// <summary>Stops it for a while, as SIGSTOP and SIGCONT do: nothing runs, its clock goes on.</summary>
    public void StopFor(TimeSpan time)
    {
        _isStopped = true;
        world.After(time, () =>
        {
            _isStopped = false;
            foreach (var missed in _missed.ToArray())
            {
                missed();
            }

            _missed.Clear();
        });
    }

    /// <summary>Fires a timer, or later when it is stopped.</summary>
    public void Fire(Action timer)
    {
        if (_isStopped)
        {
            _missed.Add(timer);
        }
        else if (!IsDead)
        {
            timer();
        }
    }

    public bool RunOne()
    {
        if (_isStopped || IsDead || _ready.Count == 0)
        {
            return false;
        }

        var index = world.Chance.Next(_ready.Count);
        var task = _ready[index];
        _ready.RemoveAt(index);
        TryExecuteTask(task);
        if (world.IsTroubled && world.Happens(0.000_5))
        {
            // Anywhere between two steps, too.
            StopFor(world.Between(1, 3_000));
        }

        return true;
    }

    protected override IEnumerable<Task> GetScheduledTasks() => _ready;

    protected override void QueueTask(Task task) => _ready.Add(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;
}
