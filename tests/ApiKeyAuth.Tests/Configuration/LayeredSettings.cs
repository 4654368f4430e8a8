using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.Startup;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Configuration;

/// <summary>Provides JSON files and environment variables that are layered over each other.</summary>
internal sealed class LayeredSettings : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("apikeyauth").FullName;
    private readonly string _prefix = $"T{Guid.NewGuid():N}_";

    public static string Hash(string secret) => new ApiKeyHasher([]).Hash(secret).Format();

    /// <summary>Writes a section to a file. Single quotes are replaced by double quotes, and @a, @b and @c by hashes.</summary>
    public string Write(string file, string section)
    {
        var path = Path.Combine(_folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "{\"ApiKeyAuth\":" + Expand(section) + "}");
        return path;
    }

    /// <summary>Adds one file for each section: <c>1.json</c> and so on.</summary>
    public IConfigurationBuilder AddFiles(IConfigurationBuilder builder, params string[] sections)
    {
        foreach (var (index, section) in sections.Index())
        {
            builder.AddJsonFile(Write($"{index + 1}.json", section), optional: false, reloadOnChange: false);
        }

        return builder;
    }

    /// <summary>Adds environment variables below the section, such as <c>Keys__0__Id</c>, with a prefix of this test.</summary>
    public IConfigurationBuilder AddEnvironment(IConfigurationBuilder builder, params (string Name, string Value)[] variables)
    {
        foreach (var (name, value) in variables)
        {
            Environment.SetEnvironmentVariable($"{_prefix}ApiKeyAuth__{name}", Expand(value));
        }

        return builder.AddEnvironmentVariables(_prefix);
    }

    /// <summary>Starts an app with layered settings.</summary>
    public static Task<StartUp> StartAsync(Action<ConfigurationManager> layers) => StartUp.RunAsync(builder =>
    {
        layers(builder.Configuration);
        builder.Services.AddApiKeyAuth(builder.Configuration.GetSection("ApiKeyAuth")).AddInMemoryStore().AddAlerts();
    });

    /// <summary>Builds an app with layered settings without starting it.</summary>
    public static WebApplication Build(Action<ConfigurationManager> layers)
    {
        var builder = StartUp.CreateBuilder("Production", out _);
        layers(builder.Configuration);
        builder.Services.AddApiKeyAuth(builder.Configuration.GetSection("ApiKeyAuth")).AddInMemoryStore().AddAlerts();
        return builder.Build();
    }

    public static string Expand(string text) => text.Replace('\'', '"').Replace("@a", Hash("a"), StringComparison.Ordinal)
        .Replace("@b", Hash("b"), StringComparison.Ordinal).Replace("@c", Hash("c"), StringComparison.Ordinal);

    public void Dispose()
    {
        var names = Environment.GetEnvironmentVariables().Keys.Cast<string>();
        foreach (var name in names.Where(name => name.StartsWith(_prefix, StringComparison.Ordinal)).ToList())
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        Directory.Delete(_folder, recursive: true);
    }
}
