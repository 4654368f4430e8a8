using System.Reflection;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Keys.Formats;
using ApiKeyAuth.Keys.Hashes;

namespace ApiKeyAuth.Tests.Conventions;

/// <summary>Tests that public types are sealed, that public records are not positional, and that public fields are read-only.</summary>
public sealed class PublicTypeTests
{
    private const BindingFlags PublicDeclared =
        BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Type[] Extensible = [typeof(ApiKeyEvents), typeof(SaltedApiKeyHashAlgorithm)];

    /// <summary>The base types that only types of the assembly can derive from.</summary>
    private static readonly Type[] Closed = [typeof(AcceptedApiKeyFormat)];
    private static readonly Type[] Public = [.. typeof(ApiKeyAuthOptions).Assembly.GetExportedTypes()];

    [Test]
    public void PublicClass_NotExtensible_IsSealed() =>
        Assert.That(Public.Where(type => type is { IsClass: true, IsSealed: false }), Is.EquivalentTo([.. Extensible, .. Closed]));

    [Test]
    public void PublicClass_Closed_HasNoConstructorForOtherAssemblies() =>
        Assert.That(
            Closed.SelectMany(type => type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)),
            Is.All.Property(nameof(ConstructorInfo.IsFamilyAndAssembly)).True);

    [Test]
    public void PublicRecord_AllTypes_IsNotPositional()
    {
        // A new member of a positional record breaks its callers. Only such a record has a Deconstruct method that the compiler generates.
        Assert.That(Public.Where(IsPositionalRecord), Is.Empty);
        Assert.That(IsPositionalRecord(typeof(Planted)), "the test finds a positional record");
    }

    [Test]
    public void PublicField_AllTypes_IsConstantOrReadOnly() =>
        Assert.That(
            Public.Where(type => !type.IsEnum).SelectMany(type => type.GetFields(PublicDeclared))
                .Where(field => field is { IsLiteral: false, IsInitOnly: false }),
            Is.Empty);

    private static bool IsPositionalRecord(Type type) =>
        type.GetMethod("Deconstruct")?.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute)) == true;

    private sealed record Planted(int Value);
}
