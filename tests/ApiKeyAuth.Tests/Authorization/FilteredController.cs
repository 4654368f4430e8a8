using Microsoft.AspNetCore.Mvc;

namespace ApiKeyAuth.Tests.Authorization;

/// <summary>A controller whose scope is required by a filter.</summary>
[ApiController]
public sealed class FilteredController : ControllerBase
{
    [HttpGet("/filtered")]
    public IActionResult Get() => Ok("in");
}
