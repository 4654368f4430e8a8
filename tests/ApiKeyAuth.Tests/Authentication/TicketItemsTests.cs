using ApiKeyAuth.Authentication.Tickets;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Internal;
using Microsoft.AspNetCore.Authentication;

namespace ApiKeyAuth.Tests.Authentication;

/// <summary>Tests the items of a ticket, which are created on first use.</summary>
public sealed class TicketItemsTests
{
    private static readonly DateTimeOffset End = new(2026, 2, 1, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public void Properties_WrittenToByOneRequest_AreUnchangedForTheNext()
    {
        var verified = Ending(End);
        var first = CreateProperties(verified);
        first.ExpiresUtc = End.AddDays(1);
        first.Items["note"] = "mine";
        first.SetParameter("object", this);
        var second = CreateProperties(verified);
        Assert.That(
            (first.ExpiresUtc, first.Items["note"], first.GetParameter<object>("object")), Is.EqualTo((End.AddDays(1), "mine", this)));
        Assert.That(second.ExpiresUtc, Is.EqualTo(End));
        Assert.That(second.Items, Has.Count.EqualTo(1));
        Assert.That(second.Parameters, Is.Empty);
    }

    [Test]
    public void Items_EveryWayOfWriting_AppliesToTheRequestAlone()
    {
        Action<IDictionary<string, string?>>[] writes =
        [
            items => items.Add("a", "1"),
            items => items.Add(new KeyValuePair<string, string?>("a", "1")),
            items => items["a"] = "1",
            items => items.Remove(".expires"),
            items => items.Remove(items.First()),
            items => items.Clear(),
        ];
        foreach (var write in writes)
        {
            var verified = Ending(End);
            var items = CreateProperties(verified).Items;
            write(items);
            Assert.That(items.Keys, Is.Not.EqualTo(new[] { ".expires" }));
            Assert.That(CreateProperties(verified).Items.Keys, Is.EqualTo(new[] { ".expires" }));
        }
    }

    [Test]
    public void Properties_KeyWithoutExpiration_AreEmptyAndCanBeWrittenTo()
    {
        var properties = CreateProperties(Ending(null));
        Assert.That(properties.Items, Is.Empty);
        properties.IsPersistent = true;
        Assert.That(properties.IsPersistent, Is.True);
        Assert.That(CreateProperties(Ending(null)).IsPersistent, Is.False);
    }

    private static AuthenticationProperties CreateProperties(VerifiedApiKey verified) => new(new TicketItems(verified));

    private static VerifiedApiKey Ending(DateTimeOffset? end)
    {
        var secret = new ApiKeySecret { Hash = new ApiKeyHash(new byte[32]) };
        var key = new ApiKey { Id = "key_1", Secrets = [secret], ExpiresAt = end is { } at ? new ApiKeyExpiry(at) : null };
        return new VerifiedApiKey(key, secret, ScopeSet.Create([]));
    }
}
