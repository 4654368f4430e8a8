using ApiKeyAuth.Authorization;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AgentCrm;

/// <summary>Records that a scope was used when its tool is called. Listing the tools checks their scopes but does not use them.</summary>
internal static class ScopeUse
{
    public static McpRequestHandler<CallToolRequestParams, CallToolResult> Record(
        McpRequestHandler<CallToolRequestParams, CallToolResult> next) =>
        (request, cancellationToken) =>
        {
            var http = request.Services?.GetRequiredService<IHttpContextAccessor>().HttpContext;
            foreach (var required in request.MatchedPrimitive?.Metadata.OfType<IScopeMetadata>() ?? [])
            {
                http?.RecordScopeUse([.. required.Scopes]);
            }

            return next(request, cancellationToken);
        };
}
