using ApiKeyAuth.Authorization;
using ApiKeyAuth.Management.CrossSite;
using ApiKeyAuth.Management.Operations;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Management.Endpoints;

/// <summary>
/// Runs an endpoint for its caller. It rejects requests without an identifiable caller, and those that another site may have sent.
/// </summary>
internal static class EndpointRunner
{
    public static async Task RunAsync(HttpContext context, Func<ApiKeyCaller, Task> handler)
    {
        if (context.RequestServices.GetRequiredService<CallerReader>().ReadOrGetFault(context, out var caller) is { } fault)
        {
            await ManagementResponseWriter.RejectAsync(context, Problems.Forbidden(fault));
            return;
        }

        var problem = await context.RequestServices.GetRequiredService<CrossSiteCheck>().FindProblemAsync(context, caller!);
        await (problem is null ? handler(caller!) : ManagementResponseWriter.RejectAsync(context, problem));
    }
}
