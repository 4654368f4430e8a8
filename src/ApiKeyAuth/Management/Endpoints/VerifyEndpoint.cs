using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ApiKeyAuth.Management;

/// <summary>The remote check, for programs that cannot use the library.</summary>
internal static class VerifyEndpoint
{
    public static void Map(RouteGroupBuilder keys, Func<string, string> name) =>
        keys.MapPost("/verify", VerifyAsync).Describe(name("VerifyApiKey"), "Tells whose a key is, what it may do and what is left of its limit.")
            .Takes<ApiKeyVerificationRequestDocument>().Produces<ApiKeyVerificationDocument>().Refuses(400);

    private static Task VerifyAsync(HttpContext context, RemoteVerification verification) =>
        EndpointCaller.RunAsync(context, async caller =>
        {
            var body = await RequestBody.ReadAsync(context.Request, SecretBody.ToVerify);
            if (!body.Succeeded || body.Value.Unread.Count > 0)
            {
                await Reply.RefuseAsync(context, body.Problem ?? Problems.Invalid(body.Value!.Unread));
                return;
            }

            var (document, refusal) = await verification.VerifyAsync(context, caller, body.Value);
            await (refusal is null
                ? Reply.JsonAsync(context, document, ManagementJson.Default.ApiKeyVerificationDocument)
                : Reply.RefuseAsync(context, refusal));
        });
}
