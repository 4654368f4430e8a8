using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Configuration;

/// <summary>Reads the options of one feature strictly from its section of the settings, and validates them.</summary>
/// <param name="source">The settings, or null if the app is configured in code.</param>
/// <param name="sectionName">The name of the section.</param>
internal abstract class SectionOptionsSetup<TOptions>(SettingsSource? source, string sectionName)
    : IConfigureOptions<TOptions>, IValidateOptions<TOptions>
    where TOptions : class, new()
{
    /// <inheritdoc/>
    /// <remarks>Problems with the section are found by the validation, which reports them with all others.</remarks>
    public void Configure(TOptions options) => source?.ReadSection(sectionName, reader => Read(reader, options));

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var path = $"{SettingsSource.GetPath(source)}:{sectionName}";
        string[] problems =
        [
            .. source?.ReadSection(sectionName, reader => Read(reader, new TOptions())) ?? [],
            .. FindProblems(options).Select(problem => $"{path}:{problem}"),
        ];
        return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    /// <summary>Reads the section into the options.</summary>
    protected abstract void Read(SettingsReader reader, TOptions options);

    /// <summary>Finds the problems of the options, also of those set in code. A message starts with the name of the setting.</summary>
    protected abstract IEnumerable<string> FindProblems(TOptions options);
}
