using ApiKeyAuth.Keys;
using ApiKeyAuth.Redaction;
using Microsoft.Extensions.Compliance.Classification;
using Microsoft.Extensions.Compliance.Redaction;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Redaction;

/// <summary>Tests that classified data contains no key after redaction.</summary>
public sealed class ApiKeyRedactorTests
{
    private static readonly DataClassification UserText = new("Tests", "UserText");
    private static readonly DataClassification Other = new("Tests", "Other");

    [Test]
    public void Redact_KeysOfAllFormats_AreMasked()
    {
        var old = new ApiKeyFormat { Prefix = "old", Environments = [], Encoding = ApiKeyEncoding.Hex };
        using var services = CreateServices(options => options.AcceptedFormats.Add(old));
        var (secret, other) = (new ApiKeyFormat().Generate("live"), old.Generate(null));
        var redactor = services.GetRequiredService<IRedactorProvider>().GetRedactor(UserText);

        Assert.That(redactor.Redact($"Use {secret}, or {other}."), Is.EqualTo("Use key_live_***, or old_***."));
        Assert.That(redactor.Redact(secret[..^20]), Is.EqualTo("key_live_***"));
        Assert.That(redactor.Redact("no key"), Is.EqualTo("no key"));
        Assert.That((redactor.Redact((string?)null), redactor.Redact("")), Is.EqualTo(("", "")));
    }

    [Test]
    public void Redact_ToASpan_WritesAsManyCharactersAsStated()
    {
        using var services = CreateServices();
        var redactor = services.GetRequiredService<IRedactorProvider>().GetRedactor(UserText);
        var text = $"Use {new ApiKeyFormat().Generate("test")}.";

        var destination = new char[redactor.GetRedactedLength(text)];
        Assert.That(redactor.Redact(text, destination), Is.EqualTo(destination.Length));
        Assert.That(new string(destination), Is.EqualTo("Use key_test_***."));
        Assert.That(() => redactor.Redact(text, new char[5]), Throws.ArgumentException);
    }

    [Test]
    public void GetRedactor_OtherClassification_IsNotAffected()
    {
        using var services = CreateServices();
        var provider = services.GetRequiredService<IRedactorProvider>();
        Assert.That(provider.GetRedactor(UserText), Is.TypeOf<ApiKeyRedactor>());
        Assert.That(provider.GetRedactor(Other), Is.TypeOf<ErasingRedactor>());
    }

    private static ServiceProvider CreateServices(Action<ApiKeyAuthOptions>? options = null)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddApiKeyAuth(options ?? (_ => { })).AddInMemoryStore();
        services.AddRedaction(redaction => redaction.SetApiKeyRedactor(UserText));
        return services.BuildServiceProvider();
    }
}
