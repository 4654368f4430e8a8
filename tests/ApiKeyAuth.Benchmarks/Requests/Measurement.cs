namespace ApiKeyAuth.Benchmarks.Requests;

/// <summary>What one kind of request took: the median round, and the bytes of the last.</summary>
internal sealed class Measurement
{
    private readonly List<double> _rounds = [];

    public long Bytes { get; private set; }

    public double Nanoseconds
    {
        get
        {
            var sorted = _rounds.Order().ToList();
            return sorted[sorted.Count / 2];
        }
    }

    public void Add(double nanoseconds, long bytes)
    {
        _rounds.Add(nanoseconds);
        Bytes = bytes;
    }
}
