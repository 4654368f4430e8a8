namespace ApiKeyAuth.Benchmarks.Requests;

/// <summary>Represents one kind of request to one app. If there are several header values, each request uses the next one.</summary>
internal sealed record Variant(string Name, MemoryServer Server, int Status, string? Header = null, params string[] Values)
{
    private int _next;

    public string Path { get; init; } = "/";

    /// <summary>Gets a value indicating whether the library handles the request, which has no comparable baseline.</summary>
    public bool IsOurs =>
        Name.Contains("ApiKeyAuth", StringComparison.Ordinal) || Name.StartsWith(RequestVariants.Rejected, StringComparison.Ordinal);

    /// <summary>Sends the request a number of times from this thread.</summary>
    public void Send(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var status = Server.SendAsync(Path, Header, Next()).GetAwaiter().GetResult();
            if (status != Status)
            {
                throw new InvalidOperationException($"{Name} returned {status}, not {Status}.");
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
