using System.Security.Claims;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Internal;

namespace ApiKeyAuth.Authentication.Tickets;

/// <summary>The identity of a verified key. Its claims are made when they are first used, for this request only.</summary>
/// <remarks>
/// Most requests never look at a claim. Those that do get claims of their own, not copies shared between requests, so nothing a claims
/// transformation does to them (adding, removing, writing to <see cref="Claim.Properties"/>) reaches another request.
/// </remarks>
internal sealed class ApiKeyIdentity : ClaimsIdentity
{
    private Lock? _claimsLock;
    private volatile bool _hasClaims;

    public ApiKeyIdentity(VerifiedApiKey verified, string scheme, long verifiedAt)
        : base(scheme, ApiKeyClaimTypes.KeyName, DefaultRoleClaimType) => (Verified, VerifiedAt) = (verified, verifiedAt);

    private ApiKeyIdentity(ApiKeyIdentity other)
        : base(other)
    {
        Verified = other.Verified;
        VerifiedAt = other.VerifiedAt;
        HasChangedClaims = other.HasChangedClaims;
        _hasClaims = true;
    }

    public VerifiedApiKey Verified { get; }

    /// <summary>When the request was let in, in ticks of UTC.</summary>
    public long VerifiedAt { get; }

    /// <summary>Gets or sets the scopes by which this identity met the requirements of the request.</summary>
    public IReadOnlyList<string> MetScopes { get; set; } = [];

    /// <summary>Gets or sets whether <see cref="MetScopes"/> let the request through, so that they count as used.</summary>
    public bool IsAdmitted { get; set; }

    /// <summary>Whether claims were added or removed, so that they say what the caller may do and the key's record does not.</summary>
    public bool HasChangedClaims { get; private set; }

    public override bool IsAuthenticated => true;

    /// <summary>
    /// The scheme. The copying constructors of the base class ask for it before they take the claims, so these are made here too.
    /// </summary>
    public override string? AuthenticationType
    {
        get
        {
            EnsureClaims();
            return base.AuthenticationType;
        }
    }

    public override string? Name => _hasClaims ? base.Name : Verified.Key.Name is { Length: > 0 } name ? name : null;

    // Every lookup of the base class goes through here.
    public override IEnumerable<Claim> Claims
    {
        get
        {
            EnsureClaims();
            return base.Claims;
        }
    }

    public override void AddClaim(Claim claim)
    {
        EnsureClaims();
        HasChangedClaims = true;
        base.AddClaim(claim);
    }

    public override void AddClaims(IEnumerable<Claim?> claims)
    {
        EnsureClaims();
        HasChangedClaims = true;
        base.AddClaims(claims);
    }

    public override void RemoveClaim(Claim? claim)
    {
        EnsureClaims();
        HasChangedClaims = true;
        base.RemoveClaim(claim);
    }

    public override bool TryRemoveClaim(Claim? claim)
    {
        EnsureClaims();
        HasChangedClaims = true;
        return base.TryRemoveClaim(claim);
    }

    public override ClaimsIdentity Clone()
    {
        EnsureClaims();
        return new ApiKeyIdentity(this);
    }

    /// <summary>Creates the claims if they have not been used yet.</summary>
    public void EnsureClaims()
    {
        if (_hasClaims)
        {
            return;
        }

        // The lock is private, because the app can lock the identity itself. It is created with the claims, which few requests use.
        lock (LazyInitializer.EnsureInitialized(ref _claimsLock, static () => new Lock()))
        {
            CreateClaims();
        }
    }

    // Under a lock, and marked as done last: an endpoint may ask for claims from several threads, as it may of any other identity.
    private void CreateClaims()
    {
        if (_hasClaims)
        {
            return;
        }

        var key = Verified.Key;
        Add(ApiKeyClaimTypes.KeyId, key.Id);
        Add(ApiKeyClaimTypes.KeyName, key.Name);
        Add(ApiKeyClaimTypes.Kind, key.Kind);
        Add(ApiKeyClaimTypes.Environment, key.Environment);
        Add(ApiKeyClaimTypes.TenantId, key.TenantId);
        Add(key.Kind == ApiKeyKinds.Personal ? ApiKeyClaimTypes.UserId : ApiKeyClaimTypes.OwnerId, key.OwnerId);
        foreach (var scope in Verified.ClaimedScopes)
        {
            Add(ApiKeyClaimTypes.Scope, scope);
        }

        _hasClaims = true;
    }

    protected override void WriteTo(BinaryWriter writer, byte[]? userData)
    {
        EnsureClaims();
        base.WriteTo(writer, userData);
    }

    private void Add(string type, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            base.AddClaim(new Claim(type, value, ClaimValueTypes.String, null, null, this));
        }
    }
}
