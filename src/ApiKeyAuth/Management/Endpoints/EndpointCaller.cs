using ApiKeyAuth.Errors;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Management;

/// <summary>Runs an endpoint for who calls it; whoever has no name is refused.</summary>
internal static class EndpointCaller
{
    public static Task RunAsync(HttpContext context, Func<ApiKeyCaller, Task> run) =>
        context.GetApiKeyCaller() is { } caller ? run(caller) : Reply.RefuseAsync(context, ApiKeyRefusal.Forbidden);
}
