using System.Reflection;
using ApiKeyAuth.Authentication;

namespace ApiKeyAuth.Tests.Conventions;

/// <summary>Tests that public types are sealed, that public records are not positional, and that public fields are read-only.</summary>
public sealed class PublicTypeTests
{
    private const BindingFlags PublicDeclared =
        BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Type[] Extensible = [typeof(ApiKeyEvents)];
    private static readonly Type[] Public = [.. typeof(ApiKeyAuthOptions).Assembly.GetExportedTypes()];

    [Test]
    public void PublicClass_NotExtensible_IsSealed() =>
        Assert.That(
            Public.Where(type => type is { IsClass: true, IsSealed: false } && !IsClosed(type)), Is.EquivalentTo(Extensible));

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

    /// <summary>
    /// Determines whether only types of the assembly can derive from a type, because its constructors are private protected.
    /// </summary>
    private static bool IsClosed(Type type) =>
        type.IsAbstract
        && type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .All(constructor => constructor.IsFamilyAndAssembly);

    private static bool IsPositionalRecord(Type type) =>
        type.GetMethod("Deconstruct")?.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute)) == true;

    private sealed record Planted(int Value);
}
