using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.IntegrationTests.Stores.OwnContext;

/// <summary>Defines what an app's context changes after <c>UseApiKeyAuth()</c>.</summary>
internal interface IModelChange
{
    void Apply(ModelBuilder model);
}
