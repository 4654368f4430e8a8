using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Startup.NestedOptions;

/// <summary>Provides the nested object wherever the framework creates options of its type.</summary>
internal sealed class NestedOptionsFactory<
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
    IOptions<ApiKeyAuthOptions> options, Func<ApiKeyAuthOptions, TOptions> select)
    : IOptionsFactory<TOptions>
    where TOptions : class
{
    /// <inheritdoc/>
    public TOptions Create(string name) => select(options.Value);
}
