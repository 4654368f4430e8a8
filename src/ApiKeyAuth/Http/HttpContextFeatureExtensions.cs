using System.Net;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ApiKeyAuth.Http;

/// <summary>Provides fast access to properties of <see cref="HttpContext"/>.</summary>
/// <remarks>The methods use the indexer of the features, because a lookup by a type parameter takes twice as long.</remarks>
internal static class HttpContextFeatureExtensions
{
    /// <summary>Gets the address of the caller, after the forwarded headers that the host trusts were applied.</summary>
    public static IPAddress? GetCallerAddress(this HttpContext context) =>
        context.Features[typeof(IHttpConnectionFeature)] is IHttpConnectionFeature connection
            ? connection.RemoteIpAddress
            : context.Connection.RemoteIpAddress;

    /// <summary>Determines whether the framework runs the pipeline again for an error page.</summary>
    public static bool IsErrorPage(this HttpContext context) =>
        context.Features[typeof(IExceptionHandlerFeature)] is not null || context.Features[typeof(IStatusCodeReExecuteFeature)] is not null;

    /// <summary>Gets the headers of the request.</summary>
    public static IHeaderDictionary GetRequestHeaders(this HttpContext context) =>
        context.Features[typeof(IHttpRequestFeature)] is IHttpRequestFeature request ? request.Headers : context.Request.Headers;

    /// <summary>Gets the headers of the response.</summary>
    public static IHeaderDictionary GetResponseHeaders(this HttpContext context) =>
        context.Features[typeof(IHttpResponseFeature)] is IHttpResponseFeature response ? response.Headers : context.Response.Headers;

    /// <summary>Gets the body of the response.</summary>
    public static Stream GetResponseBody(this HttpContext context) =>
        context.Features[typeof(IHttpResponseBodyFeature)] is IHttpResponseBodyFeature body ? body.Stream : context.Response.Body;
}
