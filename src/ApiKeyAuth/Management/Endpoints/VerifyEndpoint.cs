using System.Net;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
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
            var body = await RequestBody.ReadAsync(context.Request, ManagementJsonContext.Default.ApiKeyVerificationRequestDocument);
            IPAddress? address = null;
            if ((body.Succeeded ? FindProblem(body.Value, out address) : body.Error) is { } problem)
            {
                await ManagementResponseWriter.RejectAsync(context, problem);
                return;
            }

            var request = body.Value!;
            var (document, error) = await verification.VerifyAsync(context, caller, request.Key!, request.Cost ?? 0, address);
            await (error is null
                ? ManagementResponseWriter.WriteJsonAsync(context, document, ManagementJsonContext.Default.ApiKeyVerificationDocument)
                : ManagementResponseWriter.RejectAsync(context, error));
        });

    private static ApiKeyError? FindProblem(ApiKeyVerificationRequestDocument request, out IPAddress? address)
    {
        var problems = new Dictionary<string, string>(StringComparer.Ordinal);
        address = request.Address is { } text ? Networks.ParseAddress(text) : null;
        if (request.Key is null)
        {
            problems["key"] = "is required";
        }

        if (request.Cost is < 0 or > RateLimit.MaxPermits)
        {
            problems["cost"] = $"must be a whole number from 0 to {RateLimit.MaxPermits}";
        }

        if (request.Address is not null && address is null)
        {
            problems["address"] = "must be an IPv4 or IPv6 address";
        }

        return problems.Count > 0 ? Problems.Invalid(problems) : null;
    }
}
