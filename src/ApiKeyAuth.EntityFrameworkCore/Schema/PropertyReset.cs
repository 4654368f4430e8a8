using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace ApiKeyAuth.EntityFrameworkCore.Schema;

/// <summary>Resets what the app's <c>ConfigureConventions</c> sets on all properties of a type, such as <c>HaveMaxLength(50)</c>.</summary>
internal static class PropertyReset
{
    public static void Apply(IMutableProperty property)
    {
        property.SetMaxLength(null);
        property.SetIsUnicode(null);
        property.SetIsFixedLength(null);
        property.SetPrecision(null);
        property.SetScale(null);
        property.SetColumnType(null);
        if (property.GetValueConverter() is not null || property.GetProviderClrType() is not null)
        {
            property.SetProviderClrType(null);
            property.SetValueConverter((ValueConverter?)null);
        }

        if (property.FindAnnotation("ValueComparerType") is not null)
        {
            property.SetValueComparer((Microsoft.EntityFrameworkCore.ChangeTracking.ValueComparer?)null);
        }
    }
}
