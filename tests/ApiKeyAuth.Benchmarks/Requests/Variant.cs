namespace ApiKeyAuth.Benchmarks.Requests;

/// <summary>One kind of request to one app; of several values each request carries the next.</summary>
internal sealed record Variant(string Name, MemoryServer Server, int Status, string? Header = null, params string[] Values)
{
    private int _next;

    public string Path { get; init; } = "/";

    /// <summary>Sends it a number of times from this thread.</summary>
    public void Send(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var status = Server.SendAsync(Path, Header, Next()).GetAwaiter().GetResult();
            if (status != Status)
            {
                throw new InvalidOperationException($"{Name} answered {status}, not {Status}.");
            }
        }
    }

    private string? Next()
    {
        if (Values.Length == 0)
        {
            return null;
        }

        _next = _next + 1 < Values.Length ? _next + 1 : 0;
        return Values[_next];
    }
}
