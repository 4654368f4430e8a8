using ApiKeyAuth.Authentication;
using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Identity;

namespace Twig;

/// <summary>Stores the users in memory. Personal keys have at most the current permissions of their user.</summary>
internal sealed class Accounts : IApiKeyOwnerPermissions
{
    /// <summary>The organization of the demo keys and the demo user.</summary>
    public const string DemoOrganization = "org_demo";

    private readonly PasswordHasher<string> _hasher = new();
    private readonly Dictionary<string, (Account Account, string Hash)> _all = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _dummyHash;

    public Accounts() => _dummyHash = _hasher.HashPassword("", Guid.NewGuid().ToString());

    /// <summary>Adds an account before the app starts.</summary>
    public void Add(Account account, string password) => _all[account.Email] = (account, _hasher.HashPassword(account.Id, password));

    public Account? Find(string? id) => _all.Values.FirstOrDefault(each => each.Account.Id == id).Account;

    /// <summary>Finds the account with an email address and password. An unknown address takes the same time.</summary>
    public Account? SignIn(string email, string password)
    {
        var known = _all.TryGetValue(email, out var found);
        var isRight = _hasher.VerifyHashedPassword("", known ? found.Hash : _dummyHash, password) != PasswordVerificationResult.Failed;
        return known && isRight ? found.Account : null;
    }

    public ValueTask<ScopeSet?> GetAsync(string ownerId, string? tenantId, CancellationToken cancellationToken) =>
        new(Find(ownerId) is { } account && account.Organization == tenantId ? ScopeSet.Create(account.Permissions) : null);
}
