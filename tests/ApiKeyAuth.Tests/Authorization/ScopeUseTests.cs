using System.Security.Claims;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Moq;

namespace ApiKeyAuth.Tests.Authorization;

/// <summary>When a scope was needed: as the request came, but for what is asked later on a connection that may have lasted for days.</summary>
public sealed class ScopeUseTests
{
    private const long VerifiedAt = 639_000_000_000_000_000;

    [TestCase(true, VerifiedAt)]
    [TestCase(false, 0)]
    public async Task Handle_ScopeHeld_NotesWhenItWasNeeded(bool isRequest, long noted)
    {
        var secret = new ApiKeySecret { Hash = new ApiKeyHash(new byte[32]) };
        var verified = new VerifiedApiKey(new ApiKey { Id = "key1", Secrets = [secret] }, secret, ScopeSet.Create(["a"]));
        var uses = new Mock<IScopeUses>(MockBehavior.Strict);
        uses.Setup(each => each.Note(verified, "a", noted));
        var context = new AuthorizationHandlerContext(
            [new ScopeRequirement(["a"])], new ClaimsPrincipal(new ApiKeyIdentity(verified, "ApiKey", VerifiedAt)), isRequest ? new DefaultHttpContext() : "an invocation");

        await new ScopeRequirementHandler(new ScopeCatalogue(), uses.Object).HandleAsync(context);

        Assert.That(context.HasSucceeded, Is.True);
        uses.Verify(each => each.Note(verified, "a", noted), Times.Once);
    }
}
