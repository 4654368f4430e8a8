namespace ApiKeyAuth.Benchmarks.Requests;

/// <summary>Represents the time of one kind of request in each round, and the allocated bytes of the last round.</summary>
internal sealed class Measurement
{
    private readonly List<double> _rounds = [];

    public long Bytes { get; private set; }

    /// <summary>Computes the median of a ratio over all rounds, so that a round on a slow machine is compared with itself.</summary>
    /// <param name="others">The measurements to compare with, of the same rounds.</param>
    /// <param name="ratio">A function of the nanoseconds of this measurement and of the others.</param>
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
