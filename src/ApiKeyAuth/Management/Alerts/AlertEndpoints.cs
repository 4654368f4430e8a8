using ApiKeyAuth.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ApiKeyAuth.Management;

/// <summary>The endpoints of alerts: at <c>/{id}/alerts</c> those of a key, at <c>/alerts</c> those of the caller's tenant, or of the app where he sees every tenant.</summary>
internal static class AlertEndpoints
{
    public static void MapRead(RouteGroupBuilder keys, Func<string, string> name)
    {
        keys.MapGet("/{id}/alerts", (HttpContext context, ApiKeyManager manager, string id) => GetAsync(context, manager, OfKey(id)))
            .Describe(name("GetApiKeyAlerts"), "Tells which alerts hold for a key.").Produces<ApiKeyAlertsDocument>().Refuses(404);
        keys.MapGet("/alerts", (HttpContext context, ApiKeyManager manager, string? tenant) => GetAsync(context, manager, OfTenant(tenant)))
            .Describe(name("GetAlerts"), "Tells which alerts hold for keys with none of their own.").Produces<ApiKeyAlertsDocument>().Refuses();
    }

    public static void MapWrite(RouteGroupBuilder keys, Func<string, string> name)
    {
        keys.MapPut("/{id}/alerts", (HttpContext context, ApiKeyManager manager, string id) => SetAsync(context, manager, OfKey(id)))
            .Describe(name("SetApiKeyAlerts"), "Sets the alerts of a key, in place of its tenant's.")
            .Takes<ApiKeyAlertsDocument.SettingsDocument>().Produces<ApiKeyAlertsDocument>().Refuses(400, 404);
        keys.MapPut("/alerts", (HttpContext context, ApiKeyManager manager, string? tenant) => SetAsync(context, manager, OfTenant(tenant)))
            .Describe(name("SetAlerts"), "Sets the alerts of all keys with none of their own.")
            .Takes<ApiKeyAlertsDocument.SettingsDocument>().Produces<ApiKeyAlertsDocument>().Refuses(400);
        keys.MapDelete("/{id}/alerts", (HttpContext context, ApiKeyManager manager, string id) => UnsetAsync(context, manager, OfKey(id)))
            .Describe(name("DeleteApiKeyAlerts"), "Has a key follow its tenant's alerts again.").Produces<ApiKeyAlertsDocument>().Refuses(404);
        keys.MapDelete("/alerts", (HttpContext context, ApiKeyManager manager, string? tenant) => UnsetAsync(context, manager, OfTenant(tenant)))
            .Describe(name("DeleteAlerts"), "Has a tenant follow the app's alerts again, or the app its options'.").Produces<ApiKeyAlertsDocument>().Refuses();
    }

    private static ApiKeyAlertSubject OfKey(string id) => ApiKeyAlertSubject.Key(id);

    private static ApiKeyAlertSubject? OfTenant(string? tenant) => tenant is null ? null : ApiKeyAlertSubject.Tenant(tenant);

    private static Task GetAsync(HttpContext context, ApiKeyManager manager, ApiKeyAlertSubject? subject) =>
        EndpointCaller.RunAsync(context, async caller => await AnswerAsync(context, await manager.GetAlertsAsync(caller, subject, context.RequestAborted)));

    private static Task SetAsync(HttpContext context, ApiKeyManager manager, ApiKeyAlertSubject? subject) =>
        EndpointCaller.RunAsync(context, async caller =>
        {
            var body = await BodyReader.ReadAsync(context.Request, static reader => reader.Alerts());
            await AnswerAsync(context, body.Succeeded ? await manager.SetAlertsAsync(caller, subject, body.Value, context.RequestAborted) : body.Problem);
        });

    private static Task UnsetAsync(HttpContext context, ApiKeyManager manager, ApiKeyAlertSubject? subject) =>
        EndpointCaller.RunAsync(context, async caller =>
            await AnswerAsync(context, await manager.SetAlertsAsync(caller, subject, settings: null, context.RequestAborted)));

    private static Task AnswerAsync(HttpContext context, ApiKeyResult<ApiKeyAlertChoice> result) => result.Succeeded
        ? Reply.JsonAsync(context, ApiKeyAlertsDocument.Of(result.Value), ManagementJson.Default.ApiKeyAlertsDocument)
        : Reply.RefuseAsync(context, result.Problem);
}
