using System.Net;
using System.Reflection;
using ApiKeyAuth.InMemory;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.IntegrationTests.Dashboard;

/// <summary>Tests the pages while the store does not respond.</summary>
public sealed class DashboardOutageTests
{
    [Test]
    public async Task Pages_WhileTheStoreIsDown_SaySoAndKeepWhatWasEntered()
    {
        var store = DispatchProxy.Create<IWritableApiKeyStore, SwitchedStore>();
        await using var app = await DashboardApp.StartAsync(keys => keys.AddStore(store));
        var key = await app.AddKeyAsync("Before");
        using var client = await app.SignInAsync();
        var page = $"{DashboardApp.Path}/key/{key.Key.Id}";
        var token = DashboardApp.FindToken(await client.GetStringAsync($"{page}/edit"));
        ((SwitchedStore)store).IsDown = true;

        string[] paths = [DashboardApp.Path, $"{DashboardApp.Path}/overview", $"{DashboardApp.Path}/audit", page, $"{page}/edit"];
        foreach (var path in paths)
        {
            using var response = await client.GetAsync(path);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable), path);
            Assert.That(response.Headers.RetryAfter, Is.Not.Null, path);
            Assert.That(await DashboardApp.ReadAsync(response), Does.Contain("The keys cannot be reached"), path);
        }

        using var created = await client.PostAsync(
            $"{DashboardApp.Path}/new", DashboardApp.CreateForm(("name", "Typed in"), ("__RequestVerificationToken", token)));
        Assert.That(created.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(await DashboardApp.ReadAsync(created), Does.Contain("value=\"Typed in\"").And.Contain("role=\"alert\""));

        ((SwitchedStore)store).IsDown = false;
        Assert.That(await client.GetStringAsync(DashboardApp.Path), Does.Contain("Before").And.Not.Contain("Typed in"));
    }

    /// <summary>Represents an in-memory store that fails while it is switched off.</summary>
    public class SwitchedStore : DispatchProxy
    {
        private readonly InMemoryApiKeyStore _inner = new();

        public bool IsDown { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            IsDown ? throw new TimeoutException("The store does not respond.") : targetMethod!.Invoke(_inner, args);
    }
}
