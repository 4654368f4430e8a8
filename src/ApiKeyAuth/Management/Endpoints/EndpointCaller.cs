using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Management;

/// <summary>
/// Runs an endpoint for its caller. A request that does not identify who calls, or that another site may have sent, is rejected.
/// </summary>
internal static class EndpointCaller
{
    public static async Task RunAsync(HttpContext context, Func<ApiKeyCaller, Task> run)
    {
        if (context.RequestServices.GetRequiredService<CallerReader>().TryRead(context, out var caller) is { } fault)
        {
            await Reply.RefuseAsync(context, Problems.Forbidden(fault));
            return;
        }

        var problem = await context.RequestServices.GetRequiredService<CrossSiteCheck>().FindProblemAsync(context, caller!);
        await (problem is null ? run(caller!) : Reply.RefuseAsync(context, problem));
    }
}
