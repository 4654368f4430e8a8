using Microsoft.EntityFrameworkCore;

namespace Twig.OAuth;

/// <summary>Represents the database with OpenIddict's tables.</summary>
internal sealed class OAuthContext(DbContextOptions<OAuthContext> options) : DbContext(options);
