using ApiKeyAuth.Authorization;
using ApiKeyAuth.Management.Documents;
using ApiKeyAuth.Management.Endpoints;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ApiKeyAuth.Management.Self;

/// <summary>Maps the endpoint that returns the key of the caller. It needs a key, but no scope.</summary>
internal static class OwnKeyEndpoint
{
    private static readonly AuthorizationPolicy AnyKey = new([ScopeRequirement.AnyKey], []);

    public static void Map(RouteGroupBuilder self, Func<string, string> name) =>
        self.MapGet("/self", GetAsync)
            .Describe(
                name("GetOwnApiKey"),
                "Gets the key of the caller with its scopes, what is left of its limits, and its usage of the last 24 hours.")
            .WithDescription("Requires a key with any scopes.")
            .Produces<OwnApiKeyDocument>().ProducesErrors().RequireAuthorization(AnyKey);

    private static Task GetAsync(HttpContext context, OwnKeyReader reader) =>
        EndpointRunner.RunAsync(context, async caller =>
        {
            var read = await reader.ReadAsync(context, caller);
            await (read.Succeeded
                ? ManagementResponseWriter.WriteJsonAsync(context, read.Value, ManagementJsonContext.Default.OwnApiKeyDocument)
                : ManagementResponseWriter.RejectAsync(context, read.Error));
        });
}
