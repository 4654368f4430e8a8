using ApiKeyAuth.Alerts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using IPNetwork = System.Net.IPNetwork;

namespace ApiKeyAuth.IntegrationTests.Processes;

/// <summary>
/// Represents a node with a shared PostgreSQL database that evaluates alerts every second and notifies a webhook of ten requests in a day.
/// </summary>
internal static class AlertingApp
{
    public static RunningProcess Start(string database, string receiver, params string[] secrets) =>
        new("dotnet", [typeof(AlertingApp).Assembly.Location, "alerting", database, receiver, .. secrets], Path.GetTempPath());

    public static async Task RunAsync(string database, string receiver, string[] secrets)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddApiKeyAuth(options =>
        {
            options.Cache.StoreTimeout = NodeApp.StoreTimeout;
            options.Usage.FlushInterval = TimeSpan.FromSeconds(1);
        }).AddPostgreSql(database).AddAlerts(alerts =>
        {
            alerts.Interval = TimeSpan.FromSeconds(1);
            alerts.Default = new() { HighUsage = new() { Threshold = 10, Period = ApiKeyAlertPeriod.Daily } };
            var webhook = new ApiKeyWebhookOptions { Name = "ops", Url = receiver, UnsafeAllowHttp = true };
            webhook.UnsafeAllowNetworks.Add(IPNetwork.Parse("127.0.0.1/32"));
            foreach (var secret in secrets)
            {
                webhook.Secrets.Add(secret);
            }

            alerts.Webhooks.Add(webhook);
        });
        await using var app = builder.Build();
        app.UseApiKeyAuth();
        app.MapGet("/", () => "in").RequireAuthorization();
        await app.RunAsync();
    }
}
