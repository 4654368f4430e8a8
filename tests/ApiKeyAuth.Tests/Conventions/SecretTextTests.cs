using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ApiKeyAuth.Caching;
using ApiKeyAuth.Caching.Loading;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Internal;

namespace ApiKeyAuth.Tests.Conventions;

/// <summary>Tests that no type that contains a secret or a hash shows it in its text.</summary>
public sealed class SecretTextTests
{
    private static readonly Type[] Secrets = [typeof(ApiKeyHash), typeof(SecretTag), typeof(byte[]), typeof(ReadOnlySpan<char>)];
    private static readonly byte[] Bytes = [.. Enumerable.Repeat((byte)0xAB, 32)];

    [Test]
    public void ToString_TypesWithAKey_OmitsTheHash()
    {
        var pepper = new ApiKeyPepper("p", Bytes);
        var secret = new ApiKeySecret { Hash = new ApiKeyHash(Bytes, "p"), Hint = "wxyz" };
        var key = new ApiKey { Id = "id", Secrets = [secret] };
        var verified = new VerifiedApiKey(key, secret, ScopeSet.Empty);
        var tag = SecretTag.Compute("a secret");
        object[] all =
        [
            pepper, secret, secret.Hash, key, new ApiKeyHasher([pepper]), tag, verified, new LoadedApiKey(key, secret, false),
            new ApiKeyLookupResult(verified, false), new ApiKeyAuthOptions { Peppers = { pepper } },
            new CachedApiKey(tag, key, secret, ScopeSet.Empty, 0, 0),
        ];
        string[] forms =
        [
            Convert.ToHexString(Bytes), Convert.ToBase64String(Bytes), "171",
            Convert.ToHexString(MemoryMarshal.AsBytes<SecretTag>(new[] { tag })),
        ];
        foreach (var value in all)
        {
            var shown = forms.Where(form => value.ToString()!.Contains(form, StringComparison.OrdinalIgnoreCase));
            Assert.That(shown, Is.Empty, value.GetType().Name);
        }
    }

    [Test]
    public void Type_WithASecret_HasItsOwnText() =>
        Assert.That(typeof(ApiKeyAuthOptions).Assembly.GetTypes().Where(ShowsASecret), Is.Empty);

    [TestCase(typeof(PlantedRecord), true)]
    [TestCase(typeof(PlantedList), true)]
    [TestCase(typeof(PlantedClass), false)]
    [TestCase(typeof(PlantedOwnText), false)]
    public void ShowsASecret_PlantedType_ReturnsWhetherItDoes(Type type, bool shows) =>
        Assert.That(ShowsASecret(type), Is.EqualTo(shows));

    /// <summary>
    /// Determines whether the compiler generates a text that lists a secret. Other types without their own text only show their name.
    /// </summary>
    private static bool ShowsASecret(Type type) =>
        type.GetMethod(nameof(ToString), BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly, []) is { } text
        && text.IsDefined(typeof(CompilerGeneratedAttribute))
        && type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Any(property => IsSecret(property.PropertyType));

    // A hash only shows its version, but a type that contains one must have its own text.
    private static bool IsSecret(Type type) =>
        Secrets.Contains(type) || (typeof(IEnumerable).IsAssignableFrom(type) && type.GetGenericArguments().Any(Secrets.Contains));

    private sealed record PlantedRecord(ApiKeyHash Hash);

    private sealed record PlantedList(IReadOnlyList<ApiKeyHash> Hashes);

    private sealed record PlantedOwnText(ApiKeyHash Hash)
    {
        public override string ToString() => "mine";
    }

    private sealed class PlantedClass
    {
        public ApiKeyHash? Hash { get; set; }
    }
}
