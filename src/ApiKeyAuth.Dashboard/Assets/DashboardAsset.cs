using System.IO.Compression;
using System.Security.Cryptography;

namespace ApiKeyAuth.Dashboard.Assets;

/// <summary>Represents an embedded file whose URL contains a hash of its content, so that browsers can cache it forever.</summary>
internal sealed class DashboardAsset
{
    private const int HashLength = 16;

    private DashboardAsset(string name, string contentType, byte[] content)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(content))[..HashLength];
        FileName = $"{Path.GetFileNameWithoutExtension(name)}.{hash}{Path.GetExtension(name)}";
        ContentType = contentType;
        Content = content;
        Compressed = Compress(content);
    }

    public static DashboardAsset Stylesheet { get; } = Load("dashboard.css", "text/css; charset=utf-8");

    public static DashboardAsset Script { get; } = Load("dashboard.js", "text/javascript; charset=utf-8");

    public static DashboardAsset Icon { get; } = Load("dashboard.svg", "image/svg+xml");

    public string FileName { get; }

    public string ContentType { get; }

    public byte[] Content { get; }

    /// <summary>Gets the content, compressed with Brotli.</summary>
    public byte[] Compressed { get; }

    public string RelativeUrl => $"/assets/{FileName}";

    public static DashboardAsset? Find(string? fileName) =>
        new[] { Stylesheet, Script, Icon }.FirstOrDefault(asset => asset.FileName == fileName);

    private static DashboardAsset Load(string name, string contentType)
    {
        using var stream = typeof(DashboardAsset).Assembly.GetManifestResourceStream($"Assets/{name}")
            ?? throw new InvalidOperationException($"The assembly does not contain {name}.");
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return new(name, contentType, memory.ToArray());
    }

    private static byte[] Compress(byte[] content)
    {
        using var memory = new MemoryStream();
        using (var brotli = new BrotliStream(memory, CompressionLevel.SmallestSize))
        {
            brotli.Write(content);
        }

        return memory.ToArray();
    }
}
