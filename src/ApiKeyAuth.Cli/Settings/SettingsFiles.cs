using System.CommandLine;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;
using Microsoft.Extensions.Configuration;

namespace ApiKeyAuth.Cli.Settings;

/// <summary>Reads the layers of an app's settings as a host does: the file, that of the environment, and environment variables.</summary>
internal static class SettingsFiles
{
    public const string DefaultName = "appsettings.json";

    public static Option<string?> CreateOption() => new("--settings", "-s")
    {
        Description = "The appsettings.json of the app, for its key format, peppers and scopes. The default is that in the folder.",
        HelpName = "file",
    };

    /// <summary>Reads the layers.</summary>
    /// <returns>The settings, and the path of the file; null if no file was named and the folder has none.</returns>
    public static (IConfigurationRoot Configuration, string? File) Read(ToolConsole console, string? path, string environment)
    {
        var file = console.GetPath(path ?? DefaultName);
        if (path is not null && !File.Exists(file))
        {
            throw new ToolException($"The file {path} does not exist. Pass the path of the app's appsettings.json.");
        }

        var builder = new ConfigurationBuilder();
        var isRead = File.Exists(file);
        try
        {
            if (isRead)
            {
                AddLayers(builder, file, environment, FindSecrets(console, file, environment));
            }
            else
            {
                builder.AddEnvironmentVariables();
            }

            return (builder.Build(), isRead ? file : null);
        }
        catch (InvalidDataException exception)
        {
            throw new ToolException($"{exception.Message} {exception.InnerException?.Message} Correct the file.");
        }
    }

    /// <summary>Adds the layers in the order of a host.</summary>
    public static void AddLayers(IConfigurationBuilder builder, string file, string environment, string? secrets)
    {
        builder.AddJsonFile(file, optional: false, reloadOnChange: false);
        builder.AddJsonFile(GetPathOfEnvironment(file, environment), optional: true, reloadOnChange: false);
        if (secrets is not null)
        {
            builder.AddJsonFile(secrets, optional: true, reloadOnChange: false);
        }

        builder.AddEnvironmentVariables();
    }

    /// <summary>Returns the path of the user secrets of the project in the folder of a file, which a host reads in Development.</summary>
    public static string? FindSecrets(ToolConsole console, string file, string environment)
    {
        if (environment != "Development")
        {
            return null;
        }

        var projects = Directory.GetFiles(Path.GetDirectoryName(file)!, "*.*proj");
        return projects is [var project] ? UserSecrets.FindPath(console, File.ReadAllText(project)) : null;
    }

    /// <summary>Returns the name of the app's environment.</summary>
    public static string GetEnvironment(ToolConsole console) =>
        console.GetVariable("ASPNETCORE_ENVIRONMENT") ?? console.GetVariable("DOTNET_ENVIRONMENT") ?? "Production";

    /// <summary>Returns the path of the layer of an environment, such as <c>appsettings.Development.json</c>.</summary>
    public static string GetPathOfEnvironment(string file, string environment) =>
        Path.Combine(
            Path.GetDirectoryName(file)!, $"{Path.GetFileNameWithoutExtension(file)}.{environment}{Path.GetExtension(file)}");

    /// <summary>Determines whether a section of a file is a list.</summary>
    public static bool IsList(string file, string section) =>
        new ConfigurationBuilder().AddJsonFile(file, optional: false, reloadOnChange: false).Build()
            .GetSection(section).GetChildren().Any(static item => item.Key.All(char.IsAsciiDigit));
}
