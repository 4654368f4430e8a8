using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace ApiKeyAuth.IntegrationTests.Dashboard.Hosting;

/// <summary>Represents a page of an app with Blazor, which is also the root of its pages.</summary>
[Route("/blazor")]
public sealed class BlazorPage : ComponentBase
{
    protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddMarkupContent(0, "<h1>Page of the app</h1>");
}
