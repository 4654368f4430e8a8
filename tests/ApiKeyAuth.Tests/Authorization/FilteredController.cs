using Microsoft.AspNetCore.Mvc;

namespace ApiKeyAuth.Tests.Authorization;

/// <summary>Represents a controller for which a filter requires a scope.</summary>
[ApiController]
public sealed class FilteredController : ControllerBase
{
    [HttpGet("/filtered")]
    public IActionResult Get() => Ok("in");
}
