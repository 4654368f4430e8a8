using System.Text.Json;
using ApiKeyAuth.Authentication;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Dashboard.Http;

/// <summary>Creates the test requests that are shown with a new secret.</summary>
internal static class TestRequests
{
    /// <summary>Creates the requests by language. They work as pasted.</summary>
    public static async Task<IReadOnlyList<KeyValuePair<string, string>>> CreateAsync(DashboardRequest request, string secret)
    {
        var http = request.Context.Request;
        var url = $"{http.Scheme}://{http.Host.ToUriComponent()}{request.AppLink(request.Options.TestRequestPath)}";
        var (name, value) = await FindHeaderAsync(request.Context.RequestServices, request.Options.TestRequestScheme, secret);
        return
        [
            new("curl", $"curl -i {QuoteShell(url)} \\\n  -H {QuoteShell($"{name}: {value}")}"),
            new(
                "C#",
                $"using var client = new HttpClient();\nclient.DefaultRequestHeaders.Add({Quote(name)}, {Quote(value)});\n"
                + $"var response = await client.GetAsync({Quote(url)});\nConsole.WriteLine((int)response.StatusCode);"),
            new(
                "JavaScript",
                $"const response = await fetch({Quote(url)}, {{\n  headers: {{ {Quote(name)}: {Quote(value)} }},\n}});\n"
                + "console.log(response.status);"),
            new(
                "Python",
                $"import requests\n\nresponse = requests.get({Quote(url)}, headers={{{Quote(name)}: {Quote(value)}}})\n"
                + "print(response.status_code)"),
            new(
                "PowerShell",
                $"Invoke-WebRequest -Uri {QuotePowerShell(url)} `\n"
                + $"  -Headers @{{ {QuotePowerShell(name)} = {QuotePowerShell(value)} }}"),
            new(".http", $"GET {url}\n{name}: {value}"),
        ];
    }

    /// <summary>Finds the header of a scheme, or else of the app's default key scheme, or else of another one.</summary>
    private static async Task<(string Name, string Value)> FindHeaderAsync(IServiceProvider services, string? preferred, string secret)
    {
        var options = services.GetRequiredService<IOptionsMonitor<ApiKeySchemeOptions>>();
        var schemes = await services.GetRequiredService<IAuthenticationSchemeProvider>().GetAllSchemesAsync();
        foreach (var scheme in schemes.Where(scheme => scheme.HandlerType.Assembly == typeof(ApiKeySchemeOptions).Assembly)
            .OrderByDescending(scheme => scheme.Name == (preferred ?? ApiKeyDefaults.AuthenticationScheme)))
        {
            var found = options.Get(scheme.Name);
            if (found.Headers is [var header, ..])
            {
                return (header, secret);
            }

            if (found.AuthorizationSchemes is [var word, ..])
            {
                return ("Authorization", $"{word} {secret}");
            }
        }

        return ("Authorization", $"Bearer {secret}");
    }

    // A JSON string is also a string of C#, JavaScript and Python.
    private static string Quote(string text) => JsonSerializer.Serialize(text, TestRequestJsonContext.Default.String);

    private static string QuoteShell(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static string QuotePowerShell(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
