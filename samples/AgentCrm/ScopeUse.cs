using ApiKeyAuth.Authorization;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AgentCrm;

/// <summary>Counts the scope of a tool as used if the tool is called. Listing the tools checks their scopes too, but does not use them.</summary>
internal static class ScopeUse
{
    public static McpRequestHandler<CallToolRequestParams, CallToolResult> Record(McpRequestHandler<CallToolRequestParams, CallToolResult> next) =>
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
