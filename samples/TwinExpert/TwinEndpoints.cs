namespace TwinExpert;

/// <summary>Maps the endpoint that lists the twins.</summary>
internal static class TwinEndpoints
{
    public static readonly Twin[] Twins = [new("twin_an", "An, who cooks"), new("twin_binh", "Bình, who gardens")];

    public static void MapTwins(this IEndpointRouteBuilder api) =>
        api.MapGet("/twins", () => new { data = Twins }).RequireScope("read_only");
}
