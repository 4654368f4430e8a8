using System.Text;
using System.Text.Json;
using ApiKeyAuth.Cli.CommandLine;
using CsvHelper;

namespace ApiKeyAuth.Cli.Importing.Sources;

/// <summary>Reads the rows of a table that was exported as JSON or CSV.</summary>
internal static class Rows
{
    /// <summary>The size of the largest row, so that a file without line ends is not read as one row.</summary>
    private const int MaxRowBytes = 65_536;

    /// <summary>Reads an array, or the array in a member of the document.</summary>
    public static IEnumerable<(string Position, JsonElement Row)> ReadJson(ImportFile file, JsonElement document, string member)
    {
        var rows = document.ValueKind == JsonValueKind.Array ? document : Fields.Find(document, member) ?? document;
        if (rows.ValueKind != JsonValueKind.Array)
        {
            throw file.Unexpected($"an array, or an object with the array '{member}'");
        }

        return rows.EnumerateArray().Select((row, index) => ($"record {index + 1}", row));
    }

    /// <summary>Reads JSON or CSV, whichever the file is.</summary>
    public static IEnumerable<(string Position, JsonElement Row)> ReadJsonOrCsv(ImportFile file, string member, params string[] required)
    {
        using var reader = file.Open();
        if (reader.Peek() is '[' or '{')
        {
            return ReadJson(file, file.ParseJson(reader.ReadToEnd()), member);
        }

        return ReadCsv(file, reader, header => RequireColumns(file, header, required), static name => name).ToList();
    }

    /// <summary>Reads CSV.</summary>
    /// <param name="file">The file.</param>
    /// <param name="checkHeader">The function that throws if a column is wrong.</param>
    /// <param name="getName">The function that returns the name of the member for the name of a column.</param>
    public static IEnumerable<(string Position, JsonElement Row)> ReadCsv(
        ImportFile file, Action<IReadOnlyList<string>> checkHeader, Func<string, string> getName)
    {
        using var reader = file.Open();
        foreach (var row in ReadCsv(file, reader, checkHeader, getName))
        {
            yield return row;
        }
    }

    public static void RequireColumns(ImportFile file, IReadOnlyList<string> header, params IEnumerable<string> required)
    {
        if (required.FirstOrDefault(name => !header.Contains(name, StringComparer.Ordinal)) is { } missing)
        {
            throw new ToolException($"The file {file.Name} has no column '{missing}'. Add it to the header, or choose another --from.");
        }
    }

    private static IEnumerable<(string Position, JsonElement Row)> ReadCsv(
        ImportFile file, TextReader text, Action<IReadOnlyList<string>> checkHeader, Func<string, string> getName)
    {
        var options = new CsvReaderOptions
        {
            MaxRecordSize = MaxRowBytes,
            TrackLineNumbers = true,
            IncludeValuesInExceptions = false,
            MalformedData = CsvMalformedDataHandling.Throw,
            TrimWhitespace = true,
        };
        using var reader = CsvReader.Create(text, options, leaveOpen: true);
        var names = Array.Empty<string>();
        while (Try(file, reader, () => reader.Read()))
        {
            if (names.Length == 0)
            {
                names = [.. reader.Headers.Select(getName)];
                CheckDuplicates(file, names);
                checkHeader(names);
            }

            var row = new Dictionary<string, string>(names.Length, StringComparer.Ordinal);
            for (var index = 0; index < Math.Min(names.Length, reader.FieldCount); index++)
            {
                row[names[index]] = reader.GetString(index);
            }

            if (reader.FieldCount > names.Length)
            {
                throw new ToolException(
                    $"Line {reader.LineNumber} of {file.Name} has more fields than the header. Put values that contain a comma in quotes.");
            }

            yield return ($"line {reader.LineNumber}", JsonSerializer.SerializeToElement(row));
        }

        if (names.Length == 0)
        {
            checkHeader([.. reader.Headers.Select(getName)]);
        }
    }

    private static void CheckDuplicates(ImportFile file, string[] names)
    {
        if (names.Length != names.Distinct(StringComparer.Ordinal).Count())
        {
            throw new ToolException($"The file {file.Name} has a column twice. Remove one of them from the header.");
        }
    }

    private static bool Try(ImportFile file, CsvReader reader, Func<bool> read)
    {
        try
        {
            return read();
        }
        catch (CsvFormatException exception)
        {
            throw new ToolException(
                $"The file {file.Name} is not valid CSV after line {Math.Max(exception.LineNumber, reader.LineNumber)}: a quote is not "
                + $"closed, or a line has more than {MaxRowBytes:N0} bytes. Correct it, or choose another --from.");
        }
        catch (DecoderFallbackException)
        {
            throw file.NotUtf8();
        }
    }
}
