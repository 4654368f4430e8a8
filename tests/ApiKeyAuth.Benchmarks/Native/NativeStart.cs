using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using ApiKeyAuth.Benchmarks.Reports;

namespace ApiKeyAuth.Benchmarks.Native;

/// <summary>Measures the startup time and size of an app that is compiled to native code, with and without the library.</summary>
internal static class NativeStart
{
    private const int Starts = 15;
    private const string Key = "sk_live_kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk";

    public static async Task<ReportTable> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("native-");
        try
        {
            var bare = await PublishAsync(folder, "bare", hasKeys: false);
            var keys = await PublishAsync(folder, "keys", hasKeys: true);
            List<double> bareTimes = [], keyTimes = [];
            for (var i = 0; i < Starts; i++)
            {
                bareTimes.Add(await StartAsync(bare));
                keyTimes.Add(await StartAsync(keys));
            }

            var (without, with) = (Median(bareTimes), Median(keyTimes));
            var (small, large) = (new FileInfo(bare).Length / 1e6, new FileInfo(keys).Length / 1e6);
            return new ReportTable(
                "Native code",
                "`PublishAot`, keys in the configuration and in memory, compared with the same app without the library. "
                + $"Medians of {Starts} alternating starts, from the start of the process to the end of the first response.",
                ["", "with the library", "without", "goal"],
                [
                    ["start to first response", $"{with:F0} ms", $"{without:F0} ms", "100 ms"],
                    ["size of the program", Megabytes(large), Megabytes(small), ""],
                ]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Megabytes(double size) => string.Create(CultureInfo.InvariantCulture, $"{size:F1} MB");

    private static async Task<string> PublishAsync(DirectoryInfo root, string name, bool hasKeys)
    {
        var folder = root.CreateSubdirectory(name).FullName;
        var library = Repository.PathOf("src", "ApiKeyAuth", "ApiKeyAuth.csproj");
        await File.WriteAllTextAsync(Path.Combine(folder, "App.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <PublishAot>true</PublishAot>
                <InvariantGlobalization>true</InvariantGlobalization>
              </PropertyGroup>
              <ItemGroup>{(hasKeys ? $"<ProjectReference Include=\"{library}\" />" : "")}</ItemGroup>
            </Project>
            """);
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), $"""
            var builder = WebApplication.CreateSlimBuilder(args);
            {(hasKeys ? "builder.Services.AddApiKeyAuth(builder.Configuration.GetSection(\"ApiKeyAuth\")).AddInMemoryStore();" : "")}
            var app = builder.Build();
            {(hasKeys ? "app.UseApiKeyAuth();" : "")}
            app.MapGet("/", () => "ok"){(hasKeys ? ".RequireScope(\"demo:read\")" : "")};
            {(hasKeys ? "app.MapApiKeys(\"/api-keys\").RequireKeyScopes();" : "")}
            app.Run();
            """);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Key)));
        await File.WriteAllTextAsync(Path.Combine(folder, "appsettings.json"), $$"""
            {
              "Logging": { "LogLevel": { "Default": "Warning" } },
              "ApiKeyAuth": {
                "Format": { "Prefix": "sk", "Checksum": false },
                "Keys": [ { "Id": "key_demo", "Hash": "sha256:{{hash}}", "Scopes": [ "demo:read" ] } ]
              }
            }
            """);
        string[] arguments = ["publish", "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-o", "out", "-v", "q"];
        using var publish = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder })!;
        await publish.WaitForExitAsync();
        return publish.ExitCode == 0
            ? Path.Combine(folder, "out", "App")
            : throw new InvalidOperationException("The app could not be published as native code; install clang and zlib1g-dev.");
    }

    /// <summary>Starts the program and sends requests until it responds.</summary>
    private static async Task<double> StartAsync(string program)
    {
        var port = FreePort.Find();
        var started = Stopwatch.GetTimestamp();
        var start = new ProcessStartInfo(program, ["--urls", $"http://127.0.0.1:{port}"])
        {
            WorkingDirectory = Path.GetDirectoryName(program),
        };
        using var app = Process.Start(start)!;
        try
        {
            while (true)
            {
                if (await TrySendAsync(port))
                {
                    return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                }

                await Task.Delay(1);
            }
        }
        finally
        {
            app.Kill();
            await app.WaitForExitAsync();
        }
    }

    private static async Task<bool> TrySendAsync(int port)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
        }
        catch (SocketException)
        {
            return false;
        }

        await socket.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: a\r\nX-API-Key: {Key}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(socket.GetStream());
        var response = await reader.ReadToEndAsync();
        return response.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) ? true : throw new InvalidOperationException(response);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
