using System.Reflection;

namespace ApiKeyAuth.Configuration;

/// <summary>Provides whether the app runs only to generate its OpenAPI document during a build.</summary>
/// <remarks>
/// The package Microsoft.Extensions.ApiDescription.Server starts the app within <c>dotnet build</c>, on a machine that may have neither the
/// app's database nor its other servers. The library then does nothing that needs them: no check, no migration, no warm-up, no backplane
/// and no flush of usage.
/// </remarks>
public static class ApiKeyBuildTime
{
    /// <summary>
    /// Gets whether the app runs only to generate its OpenAPI document. An app tests it before it reads or issues keys at startup.
    /// </summary>
    public static bool IsActive { get; } = IsDocumentGenerator(Assembly.GetEntryAssembly()?.GetName().Name);

    /// <summary>Determines whether an entry assembly is the generator, which calls the app's entry point in its own process.</summary>
    internal static bool IsDocumentGenerator(string? entryAssembly) => entryAssembly == "GetDocument.Insider";
}
