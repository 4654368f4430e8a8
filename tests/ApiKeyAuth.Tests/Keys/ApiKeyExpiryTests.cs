using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Tests.Keys;

public sealed class ApiKeyExpiryTests
{
    [TestCase("2027-12-31", "2028-01-01T00:00:00Z", "2027-12-31")]
    [TestCase("2028-02-29", "2028-03-01T00:00:00Z", "2028-02-29")]
    [TestCase("2027-12-31T10:00:00Z", "2027-12-31T10:00:00Z", "2027-12-31T10:00:00Z")]
    [TestCase("2027-12-31T10:00Z", "2027-12-31T10:00:00Z", "2027-12-31T10:00:00Z")]
    [TestCase("2027-12-31T10:00:00.999Z", "2027-12-31T10:00:00Z", "2027-12-31T10:00:00Z")]
    [TestCase("2027-12-31T10:00:00+02:00", "2027-12-31T08:00:00Z", "2027-12-31T08:00:00Z")]
    [TestCase("2027-12-31T23:30-05:30", "2028-01-01T05:00:00Z", "2028-01-01T05:00:00Z")]
    public void Parse_DateOrInstant_KeepsItsForm(string text, string instant, string written)
    {
        var expiry = ApiKeyExpiry.Parse(text, null);
        Assert.That(expiry.Instant, Is.EqualTo(DateTimeOffset.Parse(instant, null)));
        Assert.That(expiry.IsDate, Is.EqualTo(text.Length == 10));
        Assert.That(expiry.ToString(), Is.EqualTo(written));
        Assert.That(ApiKeyExpiry.Parse(written, null), Is.EqualTo(expiry));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("never")]
    [TestCase("2027-12-31T10:00:00")]
    [TestCase("2027-12-31 10:00:00Z")]
    [TestCase("2027-02-29")]
    [TestCase("31.12.2027")]
    [TestCase("2027-12-31T24:00:00Z")]
    [TestCase("2027-12-31T10:00:00z ")]
    [TestCase(" 2027-12-31")]
    [TestCase("0001-01-01T00:00:00+14:00")]
    [TestCase("1798761600")]
    public void TryParse_AnythingElse_Fails(string? text)
    {
        Assert.That(ApiKeyExpiry.TryParse(text, null, out _), Is.False);
        Assert.That(() => ApiKeyExpiry.Parse(text!, null), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void Ctor_LastDate_DoesNotOverflow() =>
        Assert.That(new ApiKeyExpiry(DateOnly.MaxValue).ToString(), Is.EqualTo("9999-12-31"));

    [Test]
    public void Equals_SameInstantInOtherForm_IsFalse()
    {
        var date = new ApiKeyExpiry(new DateOnly(2027, 12, 31));
        var instant = new ApiKeyExpiry(new DateTimeOffset(2028, 1, 1, 2, 0, 0, TimeSpan.FromHours(2)));
        Assert.That(date.Instant, Is.EqualTo(instant.Instant));
        Assert.That(date == instant, Is.False);
        Assert.That(date, Is.EqualTo(new ApiKeyExpiry(new DateOnly(2027, 12, 31))));
    }
}
