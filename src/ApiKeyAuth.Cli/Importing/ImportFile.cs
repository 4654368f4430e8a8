using System.Text;
using System.Text.Json;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;

namespace ApiKeyAuth.Cli.Importing;

/// <summary>Represents the file to import. A message about it never contains its text.</summary>
/// <param name="name">The path as it was passed.</param>
/// <param name="console">The console, whose standard input is the file <c>-</c>.</param>
internal sealed class ImportFile(string name, ToolConsole console)
{
    private const string StandardInput = "-";
    private const long MaxBytes = 512L << 20;

    // A wrong text must not become another text that looks right.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public string Name { get; } = name;

    public TextReader Open()
    {
        if (Name == StandardInput)
        {
            return console.In;
        }

        var path = console.GetPath(Name);
        if (!File.Exists(path))
        {
            throw new ToolException($"The file {Name} does not exist. Correct the path.");
        }

        if (new FileInfo(path).Length > MaxBytes)
        {
            throw new ToolException($"The file {Name} is larger than 512 MB. Split it, and import the parts.");
        }

        return new StreamReader(path, Utf8);
    }

    public string ReadText()
    {
        try
        {
            using var reader = Open();
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException)
        {
            throw NotUtf8();
        }
    }

    /// <summary>Reads a document in which no object has a member twice.</summary>
    public JsonElement ReadJson() => ParseJson(ReadText());

    public JsonElement ParseJson(string text)
    {
        try
        {
            return JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false }).RootElement;
        }
        catch (JsonException exception)
        {
            throw Invalid("JSON", exception.LineNumber + 1);
        }
    }

    public ToolException NotUtf8() => new($"The file {Name} is not text in UTF-8. Convert it, or choose the right file.");

    public ToolException Invalid(string format, long? line) =>
        new($"The file {Name} is not valid {format}{(line is { } number ? $" (line {number})" : "")}. "
            + "Correct it, or choose another --from.");

    /// <summary>Creates the error for a document of another shape.</summary>
    public ToolException Unexpected(string expected) =>
        new($"The file {Name} is not what --from names: expected {expected}. Correct it, or choose another --from.");
}
