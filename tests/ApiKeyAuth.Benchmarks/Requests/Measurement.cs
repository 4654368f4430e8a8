namespace ApiKeyAuth.Benchmarks.Requests;

/// <summary>What one kind of request took in each round, and the bytes of the last.</summary>
internal sealed class Measurement
{
    private readonly List<double> _rounds = [];

    public long Bytes { get; private set; }

    /// <summary>The median over the rounds of a ratio, so that a round in which the machine is slow is compared with itself.</summary>
    /// <param name="others">What it is beside, of the same rounds.</param>
    /// <param name="ratio">Takes the nanoseconds of this one and of the others.</param>
    public double Median(Measurement[] others, Func<double, double[], double> ratio)
    {
        var sorted = _rounds.Select((own, round) => ratio(own, Array.ConvertAll(others, other => other._rounds[round]))).Order().ToList();
        return sorted[sorted.Count / 2];
    }

    public void Add(double nanoseconds, long bytes)
    {
        _rounds.Add(nanoseconds);
        Bytes = bytes;
    }
}
