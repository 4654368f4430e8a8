using System.Globalization;
using ApiKeyAuth.Keys;
using Microsoft.Extensions.Configuration;

namespace ApiKeyAuth.Configuration;

/// <summary>
/// Reads one configuration section strictly. Problems name the setting and the fix, never the value. Unknown members are problems too.
/// </summary>
/// <remarks>The framework's binder stops at the first problem, and its messages contain the value, which may be a pepper.</remarks>
/// <param name="section">The section.</param>
/// <param name="problems">Receives the problems.</param>
/// <param name="layers">The providers of the section, for lists that only one of them may supply; null if they are unknown.</param>
internal sealed class SettingsReader(IConfigurationSection section, ICollection<string> problems, ConfigurationLayers? layers = null)
{
    /// <summary>The message for a value that is not a scope.</summary>
    public const string ScopeFormatMessage = "is not a valid scope; write resource:action or a single word, one scope per value.";

    private const string NotAValueMessage = "is a section; write one value.";

    private readonly HashSet<string> _requestedNames = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConfigurationLayers _layers = layers ?? ConfigurationLayers.Empty;

    /// <summary>Gets the full name of the section, such as <c>ApiKeyAuth:Cache</c>.</summary>
    public string Path => section.Path;

    /// <summary>Gets the name of the section within its parent.</summary>
    public string Name => section.Key;

    /// <summary>Gets the value if the section is a plain value, such as an item of a list.</summary>
    public string? Value => section.Value;

    public bool Has(string name) => GetChild(name).Exists();

    /// <summary>Determines whether a setting is specified, even as <c>null</c>.</summary>
    public bool IsSpecified(string name)
    {
        _requestedNames.Add(name);
        return section.GetChildren().Any(child => child.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    public void AddProblem(string name, string fix) => problems.Add($"{Path}:{name} {fix}");

    public void AddProblem(string fix) => problems.Add($"{Path} {fix}");

    public string? ReadString(string name)
    {
        var child = GetChild(name);
        if (child.GetChildren().Any())
        {
            AddProblem(name, NotAValueMessage);
            return null;
        }

        return child.Value;
    }

    public bool ReadBoolean(string name, bool defaultValue) =>
        ReadValue(name, defaultValue, "must be true or false.", static text => bool.TryParse(text, out var value) ? value : null);

    public int ReadInt32(string name, int defaultValue) =>
        ReadValue(name, defaultValue, "must be a whole number.", static text =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null);

    public TimeSpan ReadDuration(string name, TimeSpan defaultValue) =>
        ReadValue(name, defaultValue, "must be a duration such as 500ms, 2s, 5m, 1h, 30d or 00:00:02.", Durations.Parse);

    /// <summary>Reads one value with a parser that returns null for invalid text.</summary>
    public T ReadValue<T>(string name, T defaultValue, string fix, Func<string, T?> parse)
        where T : struct
    {
        if (ReadString(name) is not { } text)
        {
            return defaultValue;
        }

        if (parse(text) is { } value)
        {
            return value;
        }

        AddProblem(name, fix);
        return defaultValue;
    }

    /// <summary>Reads the values of a list. Returns null if it is absent.</summary>
    public IReadOnlyList<string>? ReadList(string name) => ReadValues(name)?.Select(value => value.Value!).ToList();

    /// <summary>
    /// Reads the values of a list with a reader for each, whose problems name the item. Returns null if the list is absent.
    /// </summary>
    public IReadOnlyList<SettingsReader>? ReadValues(string name)
    {
        var child = GetChild(name);
        if (!string.IsNullOrEmpty(child.Value))
        {
            AddProblem(name, "is a single value; write a list.");
        }

        if (!child.Exists())
        {
            return null;
        }

        _ = CheckList(child);
        var values = new List<SettingsReader>();
        foreach (var item in child.GetChildren())
        {
            if (item.Value is not null && !item.GetChildren().Any())
            {
                values.Add(new SettingsReader(item, problems));
            }
            else
            {
                problems.Add($"{item.Path} {NotAValueMessage}");
            }
        }

        return values;
    }

    /// <summary>Reads one value or a list of values. Returns null if the setting is absent.</summary>
    public IReadOnlyList<string>? ReadOneOrMany(string name) =>
        GetChild(name) is { Value.Length: > 0 } child && !child.GetChildren().Any() ? [child.Value] : ReadList(name);

    /// <summary>
    /// Reads a list of scopes. A problem with an invalid scope only names its position, because the value may be a secret.
    /// </summary>
    /// <param name="name">The name of the list.</param>
    /// <param name="isKnown">Determines whether a scope is known. The problem with an unknown scope names it.</param>
    /// <param name="format">Formats an unknown scope for the message.</param>
    public IReadOnlyList<string> ReadScopes(string name, Func<string, bool>? isKnown = null, Func<string, string>? format = null)
    {
        var scopes = new List<string>();
        foreach (var value in ReadValues(name) ?? [])
        {
            if (!ScopeSet.IsScope(value.Value))
            {
                value.AddProblem(ScopeFormatMessage);
            }
            else if (isKnown?.Invoke(value.Value!) == false)
            {
                value.AddProblem(
                    $"is the scope {format?.Invoke(value.Value!)}, which the catalog does not define; "
                    + "declare it under Scopes or correct it.");
            }
            else
            {
                scopes.Add(value.Value!);
            }
        }

        return scopes;
    }

    /// <summary>Reads a section and reports members that the delegate did not read.</summary>
    public void ReadSection(string name, Action<SettingsReader> read)
    {
        var child = GetChild(name);
        if (!string.IsNullOrEmpty(child.Value))
        {
            AddProblem(name, "is a single value; write a section.");
        }
        else if (child.Exists())
        {
            new SettingsReader(child, problems, _layers.Within(child.Path)).ReadAll(read);
        }
    }

    /// <summary>Reads each item of a list, or each member of a section whose member names the app chooses.</summary>
    /// <param name="name">The name of the list or section.</param>
    /// <param name="read">Reads an item.</param>
    /// <param name="takesValue">Whether an item may be a plain value.</param>
    /// <param name="isNamed">Whether the members have names, by which the providers are merged.</param>
    public void ReadItems(string name, Action<SettingsReader> read, bool takesValue = false, bool isNamed = false)
    {
        var child = GetChild(name);
        if (!string.IsNullOrEmpty(child.Value))
        {
            AddProblem(name, "is a single value; write a list.");
            return;
        }

        var items = child.GetChildren().ToList();
        var layers = isNamed && !items.Any(item => SingleProviderRule.IsIndex(item.Key)) ? _layers.Within(child.Path) : CheckList(child);
        foreach (var item in items)
        {
            CheckEmpty(item, layers);
            new SettingsReader(item, problems, layers.Within(item.Path)).ReadAll(read, takesValue);
        }
    }

    /// <summary>Reads this section and reports members that the delegate did not read.</summary>
    public void ReadAll(Action<SettingsReader> read, bool takesValue = false)
    {
        if (!takesValue && !string.IsNullOrEmpty(section.Value))
        {
            AddProblem("is a single value; write a section.");
            return;
        }

        read(this);
        foreach (var child in section.GetChildren().Where(child => !_requestedNames.Contains(child.Key)))
        {
            var settings = string.Join(", ", _requestedNames.Order(StringComparer.Ordinal));
            problems.Add(_requestedNames.Count == 0
                ? $"{child.Path} is not a setting. {Path} must be a single value."
                : $"{child.Path} is not a setting. {Path} has the settings {settings}.");
        }
    }

    /// <summary>Reports a problem if several providers supply settings that add up.</summary>
    public void CheckSingleProvider(params IReadOnlyList<string> names)
    {
        if (SingleProviderRule.FindCombinedProblem(_layers, Path, names) is { } problem)
        {
            problems.Add(problem);
        }
    }

    /// <summary>Reports a problem if several providers supply a list. Returns the layers of its items, or none after a problem.</summary>
    private ConfigurationLayers CheckList(IConfigurationSection list)
    {
        if (SingleProviderRule.FindListProblem(_layers, list.Path) is { } problem)
        {
            problems.Add(problem);
            return ConfigurationLayers.Empty;
        }

        return _layers.Within(list.Path);
    }

    private void CheckEmpty(IConfigurationSection item, ConfigurationLayers layers)
    {
        const string Fix = "remove the empty entry, or write its members in one of them";
        if (SingleProviderRule.FindEmptyProblem(layers, item.Path, Fix) is { } problem)
        {
            problems.Add(problem);
        }
    }

    private IConfigurationSection GetChild(string name)
    {
        _requestedNames.Add(name);
        return section.GetSection(name);
    }
}
