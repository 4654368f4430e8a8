using ApiKeyAuth.Authorization;
using ApiKeyAuth.Http;
using ApiKeyAuth.Usage;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AgentCrm;

/// <summary>Checks the calls of tools, explains refusals, and counts them, because every response of MCP has the status 200.</summary>
internal static class ToolCalls
{
    private static readonly object MissingScopes = new();

    /// <summary>Counts the calls when they complete, because the response of a call starts before the tool runs.</summary>
    public static void UseToolCalls(this IApplicationBuilder app, string path) => app.Use((context, next) =>
    {
        if (context.Request.Path == path && HttpMethods.IsPost(context.Request.Method))
        {
            context.CountUsageWhenCompleted();
        }

        return next(context);
    });

    public static IMcpServerBuilder AddToolCalls(this IMcpServerBuilder server) => server
        .WithRequestFilters(filters => filters.AddCallToolFilter(CheckCall))
        .WithMessageFilters(filters => filters.AddIncomingFilter(FindMissing).AddOutgoingFilter(CountFailure));

    /// <summary>Notes which scopes the key lacks for a tool. The filters that authorize refuse the call, but do not say why.</summary>
    private static McpMessageHandler FindMissing(McpMessageHandler next) => (context, cancellationToken) =>
    {
        if (context.JsonRpcMessage is JsonRpcRequest { Method: RequestMethods.ToolsCall, Params: { } call }
            && context.Server.ServerOptions.ToolCollection is { } tools
            && tools.TryGetPrimitive($"{call["name"]}", out var tool)
            && GetHttp(context.Services) is { } http
            && http.GetApiKey() is { } key)
        {
            http.Items[MissingScopes] = GetScopes(tool).Where(scope => !key.Scopes.Contains(scope)).ToArray();
        }

        return next(context, cancellationToken);
    };

    /// <summary>Checks the arguments as strictly as the REST API checks bodies, and records the scopes that the call uses.</summary>
    private static McpRequestHandler<CallToolRequestParams, CallToolResult> CheckCall(
        McpRequestHandler<CallToolRequestParams, CallToolResult> next) =>
        (request, cancellationToken) =>
        {
            if (request.MatchedPrimitive is McpServerTool tool
                && ToolArguments.FindFault(tool.ProtocolTool.InputSchema, request.Params?.Arguments) is { } fault)
            {
                throw new McpException(fault);
            }

            GetHttp(request.Services)?.RecordScopeUse([.. GetScopes(request.MatchedPrimitive)]);
            return next(request, cancellationToken);
        };

    private static McpMessageHandler CountFailure(McpMessageHandler next) => (context, cancellationToken) =>
    {
        var http = GetHttp(context.Services);
        if (context.JsonRpcMessage is JsonRpcError error && http?.Items[MissingScopes] is string[] { Length: > 0 } missing)
        {
            error.Error.Message = $"The API key lacks the required scope: {string.Join(", ", missing)}";
            http.RecordFailure(ApiKeyErrorCodes.InsufficientScope);
        }
        else if (context.JsonRpcMessage is JsonRpcError
            || (context.JsonRpcMessage is JsonRpcResponse { Result: { } result } && $"{result["isError"]}" == "true"))
        {
            http?.RecordFailure(ApiKeyUsageOutcomes.ClientError);
        }

        return next(context, cancellationToken);
    };

    private static IEnumerable<string> GetScopes(IMcpServerPrimitive? tool) =>
        (tool?.Metadata.OfType<IScopeMetadata>() ?? []).SelectMany(required => required.Scopes);

    private static HttpContext? GetHttp(IServiceProvider? services) =>
        services?.GetRequiredService<IHttpContextAccessor>().HttpContext;
}
