namespace ApiKeyAuth.EntityFrameworkCore.Schema;

/// <summary>Represents what happens to the schemas at startup.</summary>
internal sealed class SchemaStartupOptions
{
    /// <summary>
    /// Gets or sets a value indicating whether the schemas are created and updated. The default is <see langword="false"/>, which only
    /// checks them.
    /// </summary>
    public bool Migrate { get; set; }
}
