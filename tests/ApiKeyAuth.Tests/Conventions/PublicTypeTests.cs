using System.Reflection;
using ApiKeyAuth.Authentication;

namespace ApiKeyAuth.Tests.Conventions;

/// <summary>What the public may derive from or take apart is chosen, not left over.</summary>
public sealed class PublicTypeTests
{
    private static readonly Type[] MadeToBeExtended = [typeof(ApiKeyEvents)];
    private static readonly Type[] Public = [.. typeof(ApiKeyAuthOptions).Assembly.GetExportedTypes()];

    [Test]
    public void PublicClass_NotListed_IsSealed() =>
        Assert.That(Public.Where(type => type is { IsClass: true, IsSealed: false }), Is.EquivalentTo(MadeToBeExtended));

    [Test]
    public void PublicRecord_Positional_IsNone()
    {
        // A positional record breaks its callers with every member it gains. Only such a record has a Deconstruct made by the compiler.
        Assert.That(Public.Where(type => type.GetMethod("Deconstruct")?.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute)) == true), Is.Empty);
        Assert.That(typeof(Planted).GetMethod("Deconstruct")!.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute)), "The test would not see one.");
    }

    [Test]
    public void PublicMember_Field_IsAConstantOrReadOnly() =>
        Assert.That(
            Public.Where(type => !type.IsEnum).SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
                .Where(field => field is { IsLiteral: false, IsInitOnly: false }),
            Is.Empty);

    private sealed record Planted(int Value);
}
