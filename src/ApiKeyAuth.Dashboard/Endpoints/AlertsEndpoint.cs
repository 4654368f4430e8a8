using ApiKeyAuth.Alerts;
using ApiKeyAuth.Alerts.History;
using ApiKeyAuth.Dashboard.Forms;
using ApiKeyAuth.Dashboard.Http;
using ApiKeyAuth.Dashboard.Models;
using ApiKeyAuth.Dashboard.Pages;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Dashboard.Endpoints;

/// <summary>Shows and sets the alerts of a key, or of the caller's tenant or app, if the app uses alerts.</summary>
internal static class AlertsEndpoint
{
    public static bool AreAvailable(DashboardRequest request) =>
        request.Context.RequestServices.GetRequiredService<IServiceProviderIsService>().IsService(typeof(ApiKeyAlertSettingsService));

    public static async Task<IResult> GetAsync(DashboardRequest request)
    {
        var read = await ReadAsync(request);
        return read.Succeeded ? PageResults.Page<AlertsPage>(request, read.Value) : PageResults.Error(request, read.Error);
    }

    public static async Task<IResult> PostAsync(DashboardRequest request)
    {
        var read = await ReadAsync(request);
        if (!read.Succeeded)
        {
            return PageResults.Error(request, read.Error);
        }

        var form = await request.Context.Request.ReadFormAsync(request.Aborted);
        var isReset = form.ContainsKey("reset");
        var entered = AlertsForm.Read(form);
        var problems = new Dictionary<string, string>(StringComparer.Ordinal);
        var settings = isReset ? null : entered.ToSettings(request.Texts, problems);
        var model = read.Value with { Form = entered, Problems = problems };
        if (problems.Count > 0)
        {
            return PageResults.Page<AlertsPage>(request, model, StatusCodes.Status400BadRequest);
        }

        var set = await GetService(request).SetAsync(request.Caller, GetSubject(model.Key), settings, request.Aborted);
        return set.Succeeded
            ? PageResults.SeeOther(request, $"{GetLink(request, model.Key)}?notice=alerts-{(isReset ? "reset" : "saved")}")
            : PageResults.Page<AlertsPage>(request, model with { Message = set.Error.Message }, set.Error.StatusCode);
    }

    /// <summary>Sends a test to a webhook and shows its outcome.</summary>
    public static async Task<IResult> TestAsync(DashboardRequest request)
    {
        if (!AreAvailable(request))
        {
            return await GetAsync(request);
        }

        var form = await request.Context.Request.ReadFormAsync(request.Aborted);
        var sent = await GetWebhooks(request).SendTestAsync(request.Caller, form["webhook"].ToString(), request.Aborted);
        if (!sent.Succeeded)
        {
            return PageResults.Error(request, sent.Error);
        }

        var notice = sent.Value switch
        {
            { Outcome: ApiKeyAlertDeliveryOutcome.Delivered } => "test-delivered",
            { Outcome: ApiKeyAlertDeliveryOutcome.Gone } => "test-gone",
            { Reason: "timeout" } => "test-timeout",
            { Reason: { } reason } when reason.All(char.IsAsciiDigit) => $"test-status&count={reason}",
            _ => "test-failed",
        };
        return PageResults.SeeOther(request, $"{request.Link("/alerts")}?notice={notice}");
    }

    /// <summary>Redirects to the alerts, for the address of a test that the browser opens again after the user signed in.</summary>
    public static Task<IResult> RedirectAsync(DashboardRequest request) =>
        Task.FromResult(PageResults.SeeOther(request, request.Link("/alerts")));

    public static string GetLink(DashboardRequest request, ApiKey? key) =>
        key is null ? request.Link("/alerts") : request.KeyLink(key.Id, "/alerts");

    private static ApiKeyAlertSettingsService GetService(DashboardRequest request) =>
        request.Context.RequestServices.GetRequiredService<ApiKeyAlertSettingsService>();

    private static ApiKeyWebhookService GetWebhooks(DashboardRequest request) =>
        request.Context.RequestServices.GetRequiredService<ApiKeyWebhookService>();

    private static ApiKeyAlertSubject? GetSubject(ApiKey? key) => key is null ? null : ApiKeyAlertSubject.Key(key.Id);

    private static async Task<ApiKeyResult<AlertsModel>> ReadAsync(DashboardRequest request)
    {
        if (!AreAvailable(request))
        {
            return (await request.Manager.GetAsync(request.Caller, "", request.Aborted)).Error!;
        }

        ApiKey? key = null;
        if (SecretEndpoint.GetId(request) is { Length: > 0 } id)
        {
            var found = await request.Manager.GetAsync(request.Caller, id, request.Aborted);
            if (!found.Succeeded)
            {
                return found.Error;
            }

            key = found.Value;
        }

        var read = await GetService(request).GetAsync(request.Caller, GetSubject(key), request.Aborted);
        if (!read.Succeeded)
        {
            return read.Error;
        }

        var webhooks = key is null
            ? await GetWebhooks(request).ListAsync(request.Caller, request.Aborted)
            : null;
        if (webhooks is { Succeeded: false })
        {
            return webhooks.Error;
        }

        var own = key is not null ? "key" : request.Caller.MayCrossTenants ? "app" : "tenant";
        return new AlertsModel
        {
            Key = key,
            Settings = read.Value,
            AreOwn = read.Value.SetFor == own,
            Webhooks = webhooks?.Value ?? [],
            Form = AlertsForm.Read(read.Value.Settings),
            Notice = Notice.Parse(request.Context.Request.Query),
        };
    }
}
