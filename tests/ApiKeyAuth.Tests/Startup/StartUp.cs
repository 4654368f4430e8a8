using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Tests.Startup;

/// <summary>Represents the result of starting an app, usually one with invalid settings or an invalid pipeline.</summary>
internal sealed class StartUp
{
    public const string Heading = "ApiKeyAuth is not configured correctly:";

    private StartUp(Exception? error, LogCapture logs) => (Error, Logs) = (error, logs);

    public Exception? Error { get; }

    public LogCapture Logs { get; }

    /// <summary>Gets the problems that the exception lists.</summary>
    public string[] Problems
    {
        get
        {
            Assert.That(Error, Is.TypeOf<InvalidOperationException>());
            Assert.That(Error!.InnerException, Is.Null);
            var lines = Error.Message.Split(Environment.NewLine);
            Assert.That(lines[0], Is.EqualTo(Heading));
            Assert.That(lines[1..], Is.All.StartsWith("  - ").And.Not.Empty);
            return [.. lines[1..].Select(line => line[4..])];
        }
    }

    /// <summary>Gets the text of all log entries and of the exception.</summary>
    public string Everything => string.Join('\n', Logs.Entries.Select(entry => entry.Text).Append(Error?.ToString()));

    public IEnumerable<int> Warnings => Logs.Entries
        .Where(entry => entry.Category.StartsWith("ApiKeyAuth", StringComparison.Ordinal) && entry.Level == LogLevel.Warning)
        .Select(entry => entry.EventId);

    /// <summary>Starts an app and stops it again. If it fails to start, its port must be closed.</summary>
    public static async Task<StartUp> RunAsync(
        Action<WebApplicationBuilder> services, Action<WebApplication>? pipeline = null, string environment = "Production")
    {
        var builder = CreateBuilder(environment, out var logs);
        return await RunAsync(
            logs, port => builder.WebHost.UseUrls($"http://127.0.0.1:{port}"), () =>
            {
                services(builder);
                var app = builder.Build();
                (pipeline ?? (web => web.UseApiKeyAuth()))(app);
                return app;
            });
    }

    /// <summary>Starts an app that is configured by JSON only.</summary>
    public static Task<StartUp> RunJsonAsync(string json, string environment = "Production", Action<WebApplication>? endpoints = null) =>
        RunAsync(
            builder => builder.AddJson(json)
                .Services.AddApiKeyAuth(builder.Configuration.GetSection("ApiKeyAuth"))
                .AddInMemoryStore()
                .AddAlerts(),
            app =>
            {
                app.UseApiKeyAuth();
                endpoints?.Invoke(app);
            },
            environment);

    /// <summary>Starts an app on a generic host with a pipeline, without WebApplication.</summary>
    public static Task<StartUp> RunGenericAsync(Action<IServiceCollection> services, Action<IApplicationBuilder> pipeline)
    {
        var logs = new LogCapture();
        var url = "";
        return RunAsync(logs, port => url = $"http://127.0.0.1:{port}", () => new HostBuilder()
            .ConfigureWebHost(web => web.UseKestrel().UseUrls(url).ConfigureServices(services).Configure(pipeline))
            .ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs))
            .Build());
    }

    public static WebApplicationBuilder CreateBuilder(string environment, out LogCapture logs)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        logs = new LogCapture();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(logs);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder;
    }

    private static async Task<StartUp> RunAsync(LogCapture logs, Action<int> listenOn, Func<IHost> build)
    {
        var port = FreePort.Find();
        listenOn(port);
        IHost? host = null;
        try
        {
            host = build();
            await host.StartAsync();
            Assert.That(await AnswersAsync(port), "the app started but does not listen");
            return new StartUp(null, logs);
        }
        catch (Exception exception) when (exception is not AssertionException)
        {
            Assert.That(await AnswersAsync(port), Is.False, "the app failed to start but listens");
            return new StartUp(exception, logs);
        }
        finally
        {
            if (host is not null)
            {
                await host.StopAsync();
                host.Dispose();
            }
        }
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

/// <summary>Adds settings to an app like a JSON file.</summary>
internal static class JsonSettings
{
    public static WebApplicationBuilder AddJson(this WebApplicationBuilder builder, string json)
    {
        builder.Configuration.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)));
        return builder;
    }
}
