using ApiKeyAuth.Authorization;
using ApiKeyAuth.Dashboard.Localization;
using ApiKeyAuth.Management;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Dashboard.Http;

/// <summary>Represents a request for a page. Components get it by injection, because their parameters would have to be public.</summary>
internal sealed class DashboardRequest
{
    private HttpContext? _context;
    private AntiforgeryTokenSet? _tokens;

    public HttpContext Context => _context ?? throw new InvalidOperationException("The request was not initialized.");

    public ApiKeyDashboardOptions Options { get; private set; } = new();

    /// <summary>Gets the path of the dashboard, with the path base and without a trailing slash.</summary>
    public string BasePath { get; private set; } = "";

    public Texts Texts { get; private set; } = Texts.English;

    /// <summary>Gets the caller, or null if the user may not use the dashboard.</summary>
    public ApiKeyCaller? CallerOrNull { get; private set; }

    public ApiKeyCaller Caller => CallerOrNull ?? throw new InvalidOperationException("The request has no caller.");

    public bool CanWrite { get; private set; }

    /// <summary>Gets or sets what the page shows.</summary>
    public object? Model { get; set; }

    public ApiKeyManager Manager => Context.RequestServices.GetRequiredService<ApiKeyManager>();

    public DateTimeOffset Now { get; private set; }

    public CancellationToken Aborted => Context.RequestAborted;

    public AntiforgeryTokenSet Tokens =>
        _tokens ??= Context.RequestServices.GetRequiredService<IAntiforgery>().GetAndStoreTokens(Context);

    public string Title => Options.Title ?? Texts.Title;

    public void Initialize(HttpContext context, ApiKeyDashboardOptions options, int depth)
    {
        _context = context;
        Options = options;
        BasePath = FindBasePath(context.Request, depth);
        Texts = Texts.Select(context.Request.Headers.AcceptLanguage, options.Noun.ToString().ToLowerInvariant());
        Now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var caller = context.GetApiKeyCaller();
        caller = !options.SelfService ? caller : caller?.UserId is null ? null : caller.ToOwnKeysOnly();
        CallerOrNull = caller is null ? null : options.CallerSelector(context, caller);
        CanWrite = CallerOrNull is not null && !options.IsReadOnly && options.CanManage(context.User);
    }

    public bool Has(ApiKeyDashboardFields field) => Options.Fields.HasFlag(field);

    public bool Has(ApiKeyDashboardColumns column) => Options.Columns.HasFlag(column);

    public T GetModel<T>() => (T)(Model ?? throw new InvalidOperationException("The page has no model."));

    /// <summary>Returns the URL of a page of the dashboard.</summary>
    public string Link(string path = "") => path.Length > 0 ? BasePath + path : BasePath.Length > 0 ? BasePath : "/";

    /// <summary>Returns the URL of a page of a key.</summary>
    public string KeyLink(string id, string path = "") => $"{BasePath}/key/{Uri.EscapeDataString(id)}{path}";

    /// <summary>Returns the URL of a path of the app.</summary>
    public string AppLink(string path) => Context.Request.PathBase.ToUriComponent() + path;

    // The pattern may have parameters, so the path of the request is the only complete one.
    private static string FindBasePath(HttpRequest request, int depth)
    {
        var path = (request.PathBase.ToUriComponent() + request.Path.ToUriComponent()).TrimEnd('/');
        for (var i = 0; i < depth; i++)
        {
            path = path[..path.LastIndexOf('/')];
        }

        return path;
    }
}
