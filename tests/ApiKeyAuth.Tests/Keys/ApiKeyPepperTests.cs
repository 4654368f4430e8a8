using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Tests.Keys;

public sealed class ApiKeyPepperTests
{
    [Test]
    public void Ctor_ShortSecret_ThrowsWithIdAndLength() =>
        Assert.That(() => new ApiKeyPepper("p1", new byte[31]), Throws.ArgumentException.With.Message.Contains("p1 is 31 bytes"));

    [TestCase("")]
    [TestCase("a:b")]
    [TestCase("a b")]
    public void Ctor_InvalidId_Throws(string id) =>
        Assert.That(() => new ApiKeyPepper(id, new byte[32]), Throws.ArgumentException);

    [Test]
    public void Ctor_SecretChangedLater_KeepsItsCopy()
    {
        var secret = new byte[32];
        var pepper = new ApiKeyPepper("p1", secret);
        var before = pepper.Hash(new byte[32]);
        secret[0] = 1;
        Assert.That(pepper.Hash(new byte[32]), Is.EqualTo(before));
    }

    [Test]
    public void ToString_AnyPepper_ShowsTheIdOnly() =>
        Assert.That(new ApiKeyPepper("p1", new byte[32]).ToString(), Is.EqualTo("ApiKeyPepper p1"));
}
