using ApiKeyAuth.Authorization;
using ApiKeyAuth.Management;
using ApiKeyAuth.Management.Endpoints;
using ApiKeyAuth.Management.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ApiKeyAuth.Alerts.Endpoints;

/// <summary>
/// Maps the endpoints of alert settings: <c>/{id}/alerts</c> for a key, and <c>/alerts</c> for the caller's tenant, or for the app if the
/// caller can see all tenants.
/// </summary>
internal static class AlertEndpoints
{
    public static void MapRead(RouteGroupBuilder keys, Func<string, string> name)
    {
        keys.MapGet(
                "/{id}/alerts",
                (HttpContext context, ApiKeyAlertSettingsService settings, string id) =>
                    GetAsync(context, settings, ForKey(id)))
            .Describe(name("GetApiKeyAlerts"), "Gets the alert settings of a key.")
            .Produces<ApiKeyAlertsDocument>().ProducesErrors(404);
        keys.MapGet(
                "/alerts",
                (HttpContext context, ApiKeyAlertSettingsService settings, string? tenant) =>
                    GetAsync(context, settings, ForTenant(tenant)))
            .Describe(name("GetAlerts"), "Gets the alert settings of keys without settings of their own.")
            .Produces<ApiKeyAlertsDocument>().ProducesErrors();
    }

    public static void MapWrite(RouteGroupBuilder keys, Func<string, string> name)
    {
        keys.MapPut(
                "/{id}/alerts",
                (HttpContext context, ApiKeyAlertSettingsService settings, string id) =>
                    SetAsync(context, settings, ForKey(id)))
            .Describe(name("SetApiKeyAlerts"), "Sets the alert settings of a key, which replace its tenant's.")
            .AcceptsBody<ApiKeyAlertSettingsRequestDocument>().Produces<ApiKeyAlertsDocument>().ProducesErrors(400, 404);
        keys.MapPut(
                "/alerts",
                (HttpContext context, ApiKeyAlertSettingsService settings, string? tenant) =>
                    SetAsync(context, settings, ForTenant(tenant)))
            .Describe(name("SetAlerts"), "Sets the alert settings of keys without settings of their own.")
            .AcceptsBody<ApiKeyAlertSettingsRequestDocument>().Produces<ApiKeyAlertsDocument>().ProducesErrors(400);
        keys.MapDelete(
                "/{id}/alerts",
                (HttpContext context, ApiKeyAlertSettingsService settings, string id) =>
                    DeleteAsync(context, settings, ForKey(id)))
            .Describe(name("DeleteApiKeyAlerts"), "Deletes the alert settings of a key, so that its tenant's apply.")
            .Produces<ApiKeyAlertsDocument>().ProducesErrors(404);
        keys.MapDelete(
                "/alerts",
                (HttpContext context, ApiKeyAlertSettingsService settings, string? tenant) =>
                    DeleteAsync(context, settings, ForTenant(tenant)))
            .Describe(name("DeleteAlerts"), "Deletes the alert settings of a tenant or the app, so that the app's or the options' apply.")
            .Produces<ApiKeyAlertsDocument>().ProducesErrors();
    }

    private static ApiKeyAlertSubject ForKey(string id) => ApiKeyAlertSubject.Key(id);

    private static ApiKeyAlertSubject? ForTenant(string? tenant) => tenant is null ? null : ApiKeyAlertSubject.Tenant(tenant);

    private static Task GetAsync(HttpContext context, ApiKeyAlertSettingsService settings, ApiKeyAlertSubject? subject) =>
        EndpointRunner.RunAsync(context, async caller =>
            await WriteResponseAsync(context, await settings.GetAsync(caller, subject, context.RequestAborted)));

    private static Task SetAsync(HttpContext context, ApiKeyAlertSettingsService settings, ApiKeyAlertSubject? subject) =>
        EndpointRunner.RunAsync(context, async caller =>
        {
            var body = await RequestBody.ReadAsync(
                context.Request, AlertSettingsJsonContext.Default.ApiKeyAlertSettingsRequestDocument);
            await WriteResponseAsync(context, body.Succeeded
                ? await SetAsync(caller, settings, subject, body.Value, context.RequestAborted)
                : body.Error);
        });

    private static async Task<ApiKeyResult<ApiKeyEffectiveAlertSettings>> SetAsync(
        ApiKeyCaller caller,
        ApiKeyAlertSettingsService settings,
        ApiKeyAlertSubject? subject,
        ApiKeyAlertSettingsRequestDocument body,
        CancellationToken cancellationToken)
    {
        if (body.FindProblems() is { Count: > 0 } problems)
        {
            return Problems.Invalid(problems);
        }

        var result = await settings.SetAsync(caller, subject, (body.Alerts ?? body).ToSettings(), cancellationToken);
        return body.Alerts is not null && result.Error is { Fields.Count: > 0 } problem
            ? Problems.Invalid(problem.Fields.ToDictionary(field => $"alerts.{field.Key}", field => field.Value, StringComparer.Ordinal))
            : result;
    }

    private static Task DeleteAsync(HttpContext context, ApiKeyAlertSettingsService settings, ApiKeyAlertSubject? subject) =>
        EndpointRunner.RunAsync(context, async caller =>
            await WriteResponseAsync(context, await settings.SetAsync(caller, subject, null, context.RequestAborted)));

    private static Task WriteResponseAsync(HttpContext context, ApiKeyResult<ApiKeyEffectiveAlertSettings> result) =>
        result.Succeeded
            ? ManagementResponseWriter.WriteJsonAsync(
                context, ApiKeyAlertsDocument.Create(result.Value), AlertSettingsJsonContext.Default.ApiKeyAlertsDocument)
            : ManagementResponseWriter.RejectAsync(context, result.Error);
}
