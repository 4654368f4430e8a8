using ApiKeyAuth.Management.Documents;
using ApiKeyAuth.Management.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ApiKeyAuth.Management.Endpoints;

/// <summary>Maps the endpoint that verifies keys for programs that cannot use the library.</summary>
internal static class VerifyEndpoint
{
    public static void Map(RouteGroupBuilder keys, Func<string, string> name) =>
        keys.MapPost("/verify", VerifyAsync)
            .Describe(name("VerifyApiKey"), "Verifies a key and returns its owner, its scopes and what is left of its limit.")
            .AcceptsBody<ApiKeyVerificationRequestDocument>().Produces<ApiKeyVerificationDocument>().ProducesErrors(400);

    private static Task VerifyAsync(HttpContext context, RemoteVerification verification) =>
        EndpointRunner.RunAsync(context, async caller =>
        {
            var body = await RequestBody.ReadAsync(context.Request, SecretBody.ReadVerification);
            if (!body.Succeeded || body.Value.ParseErrors.Count > 0)
            {
                await ManagementResponseWriter.RejectAsync(context, body.Error ?? Problems.Invalid(body.Value!.ParseErrors));
                return;
            }

            var (document, error) = await verification.VerifyAsync(context, caller, body.Value);
            await (error is null
                ? ManagementResponseWriter.WriteJsonAsync(context, document, ManagementJsonContext.Default.ApiKeyVerificationDocument)
                : ManagementResponseWriter.RejectAsync(context, error));
        });
}
