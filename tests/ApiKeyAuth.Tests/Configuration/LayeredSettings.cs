using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.FrontDoor;
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

    /// <summary>Writes the section as a file; ' stands for ", and @a, @b and @c for hashes.</summary>
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

    /// <summary>Adds environment variables below the section, such as <c>Keys__0__Id</c>, which no other test sees.</summary>
    public IConfigurationBuilder AddEnvironment(IConfigurationBuilder builder, params (string Name, string Value)[] variables)
    {
        foreach (var (name, value) in variables)
        {
            Environment.SetEnvironmentVariable($"{_prefix}ApiKeyAuth__{name}", Expand(value));
        }

        return builder.AddEnvironmentVariables(_prefix);
    }

    /// <summary>Starts an app whose section is layered as the test says.</summary>
    public static Task<StartUp> StartAsync(Action<ConfigurationManager> layers) => StartUp.RunAsync(builder =>
    {
        layers(builder.Configuration);
        builder.Services.AddApiKeyAuth(builder.Configuration.GetSection("ApiKeyAuth")).AddInMemoryStore().AddAlerts();
    });

    /// <summary>Builds an app whose section is layered as the test says, and does not start it.</summary>
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
