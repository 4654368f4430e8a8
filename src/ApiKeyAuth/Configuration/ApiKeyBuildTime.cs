using System.Reflection;

namespace ApiKeyAuth.Configuration;

/// <summary>Provides information about whether the app runs only to generate its OpenAPI document during a build.</summary>
/// <remarks>
/// The package Microsoft.Extensions.ApiDescription.Server starts the app during <c>dotnet build</c>, on a machine that may have neither the
/// app's database nor its other servers. The library then skips everything that needs them: checks, migrations, warm-up, the backplane
/// and usage flushes.
/// </remarks>
public static class ApiKeyBuildTime
{
    /// <summary>Gets a value indicating whether the app runs only to generate its OpenAPI document.</summary>
    /// <remarks>Check it before the app reads or issues keys at startup.</remarks>
    public static bool IsActive { get; } = IsDocumentGenerator(Assembly.GetEntryAssembly()?.GetName().Name);

    /// <summary>
    /// Determines whether an entry assembly is the document generator, which calls the entry point of the app in its own process.
    /// </summary>
    internal static bool IsDocumentGenerator(string? entryAssembly) => entryAssembly == "GetDocument.Insider";
}
