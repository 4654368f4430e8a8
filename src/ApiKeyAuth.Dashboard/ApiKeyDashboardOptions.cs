using System.Security.Claims;
using ApiKeyAuth.Authorization;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Dashboard;

/// <summary>Provides the options of a dashboard.</summary>
public sealed class ApiKeyDashboardOptions
{
    /// <summary>
    /// Gets or sets the title of the pages, or null for "API keys" or "Tokens" in the language of the reader. The default is null.
    /// </summary>
    public string? Title { get; set; }

    /// <summary>Gets or sets what the pages call a key. The default is <see cref="ApiKeyDashboardNoun.Key"/>.</summary>
    public ApiKeyDashboardNoun Noun { get; set; }

    /// <summary>Gets or sets the columns of the list. The default is all.</summary>
    public ApiKeyDashboardColumns Columns { get; set; } = ApiKeyDashboardColumns.All;

    /// <summary>
    /// Gets or sets the fields of the forms that create and edit a key. The default is all.
    /// </summary>
    /// <remarks>A value that is posted for another field is ignored, so that new keys have the default of the app.</remarks>
    public ApiKeyDashboardFields Fields { get; set; } = ApiKeyDashboardFields.All;

    /// <summary>
    /// Gets or sets a value indicating whether users see and manage only their own personal keys, also if they manage the keys of others
    /// elsewhere. The default is false.
    /// </summary>
    /// <remarks>The app must support personal keys; see <c>IApiKeyOwnerPermissions</c>.</remarks>
    public bool SelfService { get; set; }

    /// <summary>Gets or sets a value indicating whether the dashboard only shows keys. The default is false.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>
    /// Gets or sets the function that determines whether a user can change keys; others are viewers. The default is always.
    /// </summary>
    /// <remarks>
    /// The rules of <c>ApiKeyManagementOptions</c> also apply, such as <c>ManagesOthers</c> and <c>MayGrant</c>.
    /// </remarks>
    public Func<ClaimsPrincipal, bool> CanManage { get; set; } = static _ => true;

    /// <summary>
    /// Gets or sets the function that returns the caller of a request, or null for a user who may not open the dashboard. It can limit the
    /// caller to the keys of one owner, such as the project in the route pattern. The default is the user who is signed in.
    /// </summary>
    public Func<HttpContext, ApiKeyCaller, ApiKeyCaller?> CallerSelector { get; set; } = static (_, caller) => caller;

    /// <summary>
    /// Gets or sets the path of the app's page that the dashboard links back to, below the path base, or null for no link. The default is
    /// null.
    /// </summary>
    public string? ReturnPath { get; set; }

    /// <summary>Gets or sets the path of a logo, below the path base, or null for none. The default is null.</summary>
    public string? LogoPath { get; set; }

    /// <summary>
    /// Gets or sets the path of a stylesheet of the app, below the path base, or null for none. It can set the CSS custom properties of the
    /// dashboard. The default is null.
    /// </summary>
    public string? StylesheetPath { get; set; }

    /// <summary>
    /// Gets or sets the path of a <c>GET</c> endpoint of the app that accepts keys, below the path base. The test request after creation
    /// calls it. The default is <c>/</c>.
    /// </summary>
    public string TestRequestPath { get; set; } = "/";

    /// <summary>
    /// Gets or sets the authentication scheme of <see cref="TestRequestPath"/>, whose header the test request has, or null for the app's
    /// first scheme of keys. The default is null.
    /// </summary>
    public string? TestRequestScheme { get; set; }

    /// <summary>Gets or sets the time zone of the times that are shown. The default is UTC.</summary>
    public TimeZoneInfo TimeZone { get; set; } = TimeZoneInfo.Utc;

    /// <summary>Gets or sets the number of keys on a page of the list, from 1 to 100. The default is 25.</summary>
    public int PageSize { get; set; } = 25;
}
