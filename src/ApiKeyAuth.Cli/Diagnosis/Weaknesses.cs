using ApiKeyAuth.Cli.Settings;
using Microsoft.Extensions.Configuration;

namespace ApiKeyAuth.Cli.Diagnosis;

/// <summary>Finds settings that are valid but weaker than they could be.</summary>
internal static class Weaknesses
{
    private const string Section = "ApiKeyAuth";
    private const int DefaultSecretBytes = 32;

    /// <summary>Describes the weaknesses: what is found, and what is better.</summary>
    public static IEnumerable<string> Find(AppSettings settings)
    {
        var format = settings.Formats.Issuing;
        if (!format.Checksum)
        {
            yield return $"{Section}:Format:Checksum is false, so a mistyped key costs a lookup and scanners find look-alikes; remove it.";
        }

        if (format.SecretBytes < DefaultSecretBytes)
        {
            yield return $"{Section}:Format:SecretBytes is below the default of {DefaultSecretBytes}; remove it.";
        }

        if (settings.Catalog.IsEmpty)
        {
            yield return $"{Section}:Scopes is empty, so a misspelled scope of a key is not found; list the scopes of the app.";
        }

        foreach (var weakness in FindInFiles(settings).Concat(
            settings.Configuration.GetSection($"{Section}:Keys").GetChildren().SelectMany(FindInKey)))
        {
            yield return weakness;
        }
    }

    private static IEnumerable<string> FindInKey(IConfigurationSection key)
    {
        var scopes = key.GetSection("Scopes");
        if (scopes.GetChildren().Any(scope => scope.Value == "*") || scopes.Value == "*")
        {
            yield return $"{key.Path}:Scopes has '*', which grants everything, also scopes that are added later; "
                + "list the scopes that it uses.";
        }

        if (key["ExpiresAt"] is null)
        {
            yield return $"{key.Path}:ExpiresAt is missing, so the key is valid until it is removed; set a date.";
        }

        if (key["Key"] is not null)
        {
            yield return $"{key.Path}:Key is a key in plain text; write its Hash, which 'apikeyauth new' makes.";
        }
    }

    private static IEnumerable<string> FindInFiles(AppSettings settings)
    {
        foreach (var path in settings.Files)
        {
            var name = Path.GetFileName(path);
            var text = File.ReadAllText(path);
            if (settings.Formats.Redact(text) != text)
            {
                yield return $"{name} contains a key in plain text; replace the key, and write its hash.";
            }

            var file = new ConfigurationBuilder().AddJsonFile(path, optional: false, reloadOnChange: false).Build();
            foreach (var pepper in file.GetSection($"{Section}:Peppers").GetChildren().Where(pepper => pepper["Secret"] is not null))
            {
                yield return $"{pepper.Path}:Secret is in {name}; read it from an environment variable or a secret store.";
            }
        }
    }
}
