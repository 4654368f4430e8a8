using ApiKeyAuth.Redaction;
using Microsoft.Extensions.Compliance.Classification;
using Microsoft.Extensions.Compliance.Redaction;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Provides an extension method that masks API keys in classified data.</summary>
public static class ApiKeyRedactionBuilderExtensions
{
    /// <summary>Masks API keys in data with one of the classifications. The app must also call <c>AddApiKeyAuth()</c>.</summary>
    /// <param name="builder">The builder of <c>AddRedaction()</c>.</param>
    /// <param name="classifications">The classifications.</param>
    /// <returns>The builder.</returns>
    public static IRedactionBuilder SetApiKeyRedactor(this IRedactionBuilder builder, params DataClassificationSet[] classifications)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(classifications);
        return builder.SetRedactor<ApiKeyRedactor>(classifications);
    }
}
