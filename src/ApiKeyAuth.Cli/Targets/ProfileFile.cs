using System.Text.Json.Nodes;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;
using ApiKeyAuth.Cli.Settings;

namespace ApiKeyAuth.Cli.Targets;

/// <summary>Reads and writes the file of profiles, which only its owner may read.</summary>
/// <param name="console">The console.</param>
internal sealed class ProfileFile(ToolConsole console)
{
    private string FilePath =>
        Path.Combine(
            console.GetVariable("XDG_CONFIG_HOME")
                ?? console.GetVariable("APPDATA")
                ?? (console.GetVariable("HOME") is { } home ? Path.Combine(home, ".config") : throw new ToolException(
                    "The folder of the profiles is not known. Set the environment variable HOME.")),
            "apikeyauth",
            "profiles.json");

    /// <summary>Lists the names and addresses.</summary>
    public List<JsonObject> List() =>
        [.. Read().Select(profile => new JsonObject { ["name"] = profile.Key, ["url"] = profile.Value?["url"]?.DeepClone() })];

    /// <summary>Finds a profile, or returns null.</summary>
    public Profile? Find(string name) =>
        Read()[name] is JsonObject profile && (string?)profile["url"] is { } url && (string?)profile["key"] is { } key
            ? new Profile(url, key)
            : null;

    public void Set(string name, Profile profile)
    {
        var profiles = Read();
        profiles[name] = new JsonObject { ["url"] = profile.Url, ["key"] = profile.Key };
        PrivateFile.Replace(FilePath, JsonFile.Format(profiles) + "\n");
    }

    /// <summary>Removes a profile, and returns whether it existed.</summary>
    public bool Remove(string name)
    {
        var profiles = Read();
        var isRemoved = profiles.Remove(name);
        if (isRemoved)
        {
            PrivateFile.Replace(FilePath, JsonFile.Format(profiles) + "\n");
        }

        return isRemoved;
    }

    private JsonObject Read()
    {
        if (!File.Exists(FilePath))
        {
            return [];
        }

        PrivateFile.ThrowIfShared(FilePath);
        return JsonFile.Read(FilePath);
    }
}
