using ApiKeyAuth.Cli.Output;
using ApiKeyAuth.Cli.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Cli.Diagnosis;

/// <summary>Starts an app that has the settings and nothing else, so that its startup check reports what is wrong.</summary>
internal static class StartupDiagnosis
{
    private const string ItemStart = "  - ";

    /// <summary>Returns the problems and the warnings in the words of the library.</summary>
    public static async Task<(List<string> Problems, List<string> Warnings)> RunAsync(
        ToolConsole console, string file, string environment, CancellationToken cancellationToken)
    {
        using var log = new WarningLog();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration.Sources.Clear();
        SettingsFiles.AddLayers(builder.Configuration, file, environment, SettingsFiles.FindSecrets(console, file, environment));
        builder.Logging.ClearProviders().AddProvider(log).AddFilter(static (category, _) => category is null || IsOurs(category));
        builder.Services.AddSingleton<IServer>(new SilentServer());
        AppSettings.AddApiKeyAuth(builder.Services, builder.Configuration);
        List<string> problems = [];
        try
        {
            await using var app = builder.Build();
            app.UseApiKeyAuth();
            await app.StartAsync(cancellationToken);
            await app.StopAsync(cancellationToken);
        }
        catch (InvalidOperationException exception)
        {
            problems.AddRange(ReadItems(exception.Message));
        }

        return (problems, [.. log.Warnings]);
    }

    private static bool IsOurs(string category) => category.StartsWith("ApiKeyAuth", StringComparison.Ordinal);

    /// <summary>Reads the items of the message of the startup check, or the message itself if it is another one.</summary>
    private static string[] ReadItems(string message)
    {
        string[] items =
        [
            .. message.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.StartsWith(ItemStart, StringComparison.Ordinal))
                .Select(line => line[ItemStart.Length..]),
        ];
        return items.Length > 0 ? items : [message];
    }
}
