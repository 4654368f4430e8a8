using Microsoft.EntityFrameworkCore;

namespace Twig.OAuth;

/// <summary>The tables of OpenIddict: clients, authorizations, tokens.</summary>
internal sealed class OAuthContext(DbContextOptions<OAuthContext> options) : DbContext(options);
