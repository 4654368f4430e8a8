namespace TwinExpert;

/// <summary>Lists the twins that one can talk to.</summary>
internal static class TwinEndpoints
{
    public static readonly Twin[] Twins = [new("twin_an", "An, who cooks"), new("twin_binh", "Bình, who gardens")];

    public static void MapTwins(this IEndpointRouteBuilder api) =>
        api.MapGet("/twins", () => new { data = Twins }).RequireScope("read_only");
}
