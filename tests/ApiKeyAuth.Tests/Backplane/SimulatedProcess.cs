namespace ApiKeyAuth.Tests.Backplane;

/// <summary>
/// Represents a process: its tasks run in random order, it can be suspended and resumed, and its clock has its own speed.
/// </summary>
internal sealed class SimulatedProcess(SimulatedWorld world, double speed) : TaskScheduler
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

    /// <summary>Ends the process, as a crash does.</summary>
    public void Kill() => IsDead = true;

    /// <summary>Suspends the process for a time, as SIGSTOP and SIGCONT do: nothing runs, but its clock continues.</summary>
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

    /// <summary>Fires a timer, or defers it while the process is suspended.</summary>
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

        var index = world.Random.Next(_ready.Count);
        var task = _ready[index];
        _ready.RemoveAt(index);
        TryExecuteTask(task);
        if (world.IsTroubled && world.Happens(0.000_5))
        {
            // A process may also be suspended between any two steps.
            StopFor(world.Between(1, 3_000));
        }

        return true;
    }

    protected override IEnumerable<Task> GetScheduledTasks() => _ready;

    protected override void QueueTask(Task task) => _ready.Add(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;
}
