using System.Net;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ApiKeyAuth.Http;

/// <summary>What the properties of <see cref="HttpContext"/> tell, read by the indexer: they look features up by a type parameter, which takes twice the time.</summary>
internal static class HttpContextFeatureExtensions
{
    /// <summary>Where a request comes from, as the host's forwarded-headers settings left it.</summary>
    public static IPAddress? GetCallerAddress(this HttpContext context) =>
        context.Features[typeof(IHttpConnectionFeature)] is IHttpConnectionFeature connection ? connection.RemoteIpAddress : context.Connection.RemoteIpAddress;

    /// <summary>Determines whether the framework runs the pipeline again for the page that reports an error.</summary>
    public static bool IsErrorPage(this HttpContext context) =>
        context.Features[typeof(IExceptionHandlerFeature)] is not null || context.Features[typeof(IStatusCodeReExecuteFeature)] is not null;

    /// <summary>The headers of the request.</summary>
    public static IHeaderDictionary GetRequestHeaders(this HttpContext context) =>
        context.Features[typeof(IHttpRequestFeature)] is IHttpRequestFeature request ? request.Headers : context.Request.Headers;

    /// <summary>The headers of the answer.</summary>
    public static IHeaderDictionary GetResponseHeaders(this HttpContext context) =>
        context.Features[typeof(IHttpResponseFeature)] is IHttpResponseFeature response ? response.Headers : context.Response.Headers;

    /// <summary>The body of the answer.</summary>
    public static Stream GetResponseBody(this HttpContext context) =>
        context.Features[typeof(IHttpResponseBodyFeature)] is IHttpResponseBodyFeature body ? body.Stream : context.Response.Body;
}
