using ApiKeyAuth.Http;
using ApiKeyAuth.Management.Endpoints;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Management;

/// <summary>Why the manager did not do what it was asked; nothing was changed, but where its status is 503 and the message says so.</summary>
/// <remarks>An endpoint of the app's own may return it, or one of its own making: the caller then reads it in the one shape that all refusals have.</remarks>
public sealed record ApiKeyProblem : IResult
{
    /// <summary>The HTTP status that says the same: 400, 403, 404, 409, 412, 500 or 503.</summary>
    public required int Status { get; init; }

    /// <summary>One of <see cref="ApiKeyErrorCodes"/>, or a code of the app's own.</summary>
    public required string Code { get; init; }

    /// <summary>One sentence for the caller, without a full stop.</summary>
    public required string Message { get; init; }

    /// <summary>What is wrong with each field that is, by the field's name in JSON.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The scopes that the caller would have to hold.</summary>
    public IReadOnlyList<string> MissingScopes { get; init; } = [];

    /// <summary>Refuses the request with it, as <c>UseApiKeyAuth()</c> refuses others.</summary>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);

        // Should nothing above write the refusal, it is one all the same.
        httpContext.Response.StatusCode = Status;
        return ManagementResponseWriter.RejectAsync(httpContext, this);
    }
}
