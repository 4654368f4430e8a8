using System.Security.Claims;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Internal;

namespace ApiKeyAuth.Authentication.Tickets;

/// <summary>Represents the identity of a verified key. Its claims are created on first use, for this request only.</summary>
/// <remarks>
/// Most requests do not read claims. Requests do not share claims, so changes by a claims transformation (adding, removing, writing to
/// <see cref="Claim.Properties"/>) do not affect other requests.
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

    /// <summary>Gets the time at which the key was verified, in UTC ticks.</summary>
    public long VerifiedAt { get; }

    /// <summary>Gets or sets the scopes with which this identity met the requirements of the request.</summary>
    public IReadOnlyList<string> MetScopes { get; set; } = [];

    /// <summary>
    /// Gets or sets a value indicating whether the request was authorized with <see cref="MetScopes"/>, which then count as used.
    /// </summary>
    public bool IsAdmitted { get; set; }

    /// <summary>Gets a value indicating whether claims were added or removed. The claims then replace the scopes of the key.</summary>
    public bool HasChangedClaims { get; private set; }

    public override bool IsAuthenticated => true;

    /// <summary>
    /// Gets the name of the scheme. The copy constructors of the base class read this property before they copy the claims, so it creates
    /// the claims.
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

    // All lookups of the base class read this property.
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

    /// <summary>Creates the claims if they do not exist yet.</summary>
    public void EnsureClaims()
    {
        if (_hasClaims)
        {
            return;
        }

        // The lock is private, because the app can lock the identity itself. Few requests use claims, so it is created on demand.
        lock (LazyInitializer.EnsureInitialized(ref _claimsLock, static () => new Lock()))
        {
            CreateClaims();
        }
    }

    // Several threads of an endpoint can read the claims. Therefore, the caller holds a lock, and the flag is set last.
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
