using System.Text.Json.Nodes;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;
using ApiKeyAuth.Cli.Settings;

namespace ApiKeyAuth.Cli.NewKeys;

/// <summary>Represents the keys of a project for Development.</summary>
/// <remarks>
/// The entry with the hash is in appsettings.Development.json, so that the app of each developer starts with it. The key itself is in the
/// user secrets of the developer who made it, under <c>ApiKeyAuthDev:Keys:{ID}</c>, for tests and request files.
/// </remarks>
/// <param name="project">The project.</param>
internal sealed class DevKeys(DevProject project)
{
    private const string Section = "ApiKeyAuth";
    private const string SecretSection = "ApiKeyAuthDev";
    private const string Keys = "Keys";

    /// <summary>Lists the entries, without the keys.</summary>
    public List<JsonObject> List()
    {
        var secrets = ReadSecrets();
        return ReadKeys(JsonFile.Read(project.DevelopmentPath)) is not { } keys ? [] :
        [
            .. keys.Select(entry => new JsonObject
            {
                ["id"] = entry.Key,
                ["name"] = entry.Value?["Name"]?.DeepClone(),
                ["environment"] = entry.Value?["Environment"]?.DeepClone(),
                ["scopes"] = entry.Value?["Scopes"]?.DeepClone(),
                ["expiresAt"] = entry.Value?["ExpiresAt"]?.DeepClone(),
                ["hasSecret"] = HasSecret(secrets, entry.Key),
            }),
        ];
    }

    public void Add(ConfiguredKey key)
    {
        ThrowIfList();
        var settings = JsonFile.Read(project.DevelopmentPath);
        var keys = JsonFile.GetOrAddObject(
            JsonFile.GetOrAddObject(settings, Section, project.DevelopmentPath), Keys, project.DevelopmentPath);
        if (keys.ContainsKey(key.Id))
        {
            throw new ToolException(
                $"The project has a key with the ID {key.Id}. Pass another --id, or run 'apikeyauth dev remove {key.Id}'.");
        }

        keys[key.Id] = key.Entry.DeepClone();
        var path = project.GetOrAddSecretsPath();
        var secrets = JsonFile.Read(path);
        secrets[GetSecretName(key.Id)] = key.Secret;
        PrivateFile.Replace(path, JsonFile.Format(secrets) + "\n");
        JsonFile.Write(project.DevelopmentPath, settings);
    }

    /// <summary>Removes keys.</summary>
    /// <returns>The number of removed entries.</returns>
    public int Remove(Func<string, bool> isRemoved)
    {
        var settings = JsonFile.Read(project.DevelopmentPath);
        var ids = ReadKeys(settings)?.Select(entry => entry.Key).Where(isRemoved).ToList() ?? [];
        ids.ForEach(id => ReadKeys(settings)!.Remove(id));
        if (ids.Count > 0)
        {
            JsonFile.Write(project.DevelopmentPath, settings);
        }

        if (project.FindSecretsPath() is { } path && File.Exists(path))
        {
            var secrets = JsonFile.Read(path);
            var secretCount = secrets.Count;
            ids.ForEach(id => secrets.Remove(GetSecretName(id)));
            if (secrets.Count < secretCount)
            {
                PrivateFile.Replace(path, JsonFile.Format(secrets) + "\n");
            }
        }

        return ids.Count;
    }

    private void ThrowIfList()
    {
        // A section that is a list in one file and an object in the other mixes both.
        if (File.Exists(project.SettingsPath)
            && SettingsFiles.IsList(project.SettingsPath, $"{Section}:{Keys}"))
        {
            throw new ToolException(
                "appsettings.json has ApiKeyAuth:Keys as a list. Write it as an object whose members are named like the IDs.");
        }
    }

    private JsonObject ReadSecrets() => project.FindSecretsPath() is { } path ? JsonFile.Read(path) : [];

    private static bool HasSecret(JsonObject secrets, string id) => secrets.ContainsKey(GetSecretName(id));

    private static JsonObject? ReadKeys(JsonObject settings) => (settings[Section] as JsonObject)?[Keys] as JsonObject;

    private static string GetSecretName(string id) => $"{SecretSection}:{Keys}:{id}";
}
