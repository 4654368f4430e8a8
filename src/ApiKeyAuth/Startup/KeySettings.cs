using ApiKeyAuth.Configuration;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Formats;
using ApiKeyAuth.Keys.Hashes;

namespace ApiKeyAuth.Startup;

/// <summary>Reads the formats, scopes and peppers of keys from the settings.</summary>
internal static class KeySettings
{
    public static ApiKeyFormat ReadFormat(SettingsReader reader)
    {
        var defaults = new ApiKeyFormat();
        return new ApiKeyFormat
        {
            Prefix = reader.ReadString("Prefix") ?? defaults.Prefix,
            Environments = reader.ReadList("Environments") ?? defaults.Environments,
            Encoding = reader.ReadValue(
                "Encoding", defaults.Encoding, "must be Base62 or Hex.", SettingsValues.ParseEnumName<ApiKeyEncoding>),
            SecretBytes = reader.ReadInt32("SecretBytes", defaults.SecretBytes),
            Checksum = reader.ReadBoolean("Checksum", defaults.Checksum),
        };
    }

    public static AcceptedApiKeyFormat ReadAcceptedFormat(SettingsReader reader)
    {
        // All are read, so that the message about an unknown setting lists them.
        var isExternal = reader.IsSpecified("Alphabet") | reader.IsSpecified("Separator")
            | reader.IsSpecified("Length") | reader.IsSpecified("MinLength") | reader.IsSpecified("MaxLength");
        return isExternal ? ReadExternalFormat(reader) : ReadFormat(reader);
    }

    public static void ReadScope(SettingsReader reader, IList<ScopeDefinition> scopes)
    {
        var word = reader.Value;
        var definition = string.IsNullOrEmpty(word) ? ReadScopeSection(reader) : new ScopeDefinition { Name = word };
        if (ScopeSet.IsScope(definition.Name))
        {
            scopes.Add(definition);
        }
        else if (string.IsNullOrEmpty(word))
        {
            reader.AddProblem("Name", "is missing or " + SettingsReader.ScopeFormatMessage);
        }
        else
        {
            reader.AddProblem(SettingsReader.ScopeFormatMessage);
        }
    }

    public static void ReadPepper(SettingsReader reader, IList<ApiKeyPepper> peppers)
    {
        var id = reader.ReadString("Id");
        var secret = reader.ReadString("Secret");
        var retired = reader.ReadBoolean("Retired", false);
        var bytes = new byte[(secret?.Length ?? 0) + 3];
        if (secret is null || !Convert.TryFromBase64String(secret, bytes, out var length) || length < 32)
        {
            reader.AddProblem(
                "Secret",
                "is not a valid pepper; write at least 32 random bytes as base64, such as the output of `openssl rand -base64 32`.");
            return;
        }

        try
        {
            peppers.Add(new ApiKeyPepper(id ?? "", bytes.AsSpan(0, length), retired));
        }
        catch (ArgumentException)
        {
            reader.AddProblem("Id", "is missing or not a valid ID; write 1 to 64 of the characters A-Z a-z 0-9 . _ - and never change it.");
        }
    }

    public static void ReadHashAlgorithm(SettingsReader reader, IList<IApiKeyHashAlgorithm> algorithms)
    {
        if (string.IsNullOrEmpty(reader.Value))
        {
            ReadPartAlgorithm(reader, algorithms);
        }
        else if (ApiKeyHashAlgorithms.All.FirstOrDefault(algorithm => algorithm.Name == reader.Value) is { } known)
        {
            algorithms.Add(known);
        }
        else
        {
            var names = string.Join(", ", ApiKeyHashAlgorithms.All.Select(algorithm => algorithm.Name));
            reader.AddProblem($"is not a hash algorithm; write one of {names}, or a section with Name and Separator.");
        }
    }

    private static void ReadPartAlgorithm(SettingsReader reader, IList<IApiKeyHashAlgorithm> algorithms)
    {
        var name = reader.ReadString("Name");
        var separator = reader.ReadString("Separator");
        var isLast = reader.ReadBoolean("AfterLast", false);
        var isNamed = HashAlgorithmRules.IsName(name);
        if (!isNamed)
        {
            reader.AddProblem("Name", "is missing or not a valid name; write 1 to 32 of the characters a-z 0-9 - and never change it.");
        }

        if (separator is not [> ' ' and <= '~'])
        {
            reader.AddProblem("Separator", "is missing or not a separator; write one printable ASCII character.");
        }
        else if (isNamed)
        {
            algorithms.Add(new Sha256PartHashAlgorithm { Name = name!, Separator = separator[0], AfterLast = isLast });
        }
    }

    private static ExternalApiKeyFormat ReadExternalFormat(SettingsReader reader)
    {
        var alphabets = string.Join(", ", Enum.GetNames<ApiKeyAlphabet>());
        if (!reader.Has("Alphabet"))
        {
            reader.AddProblem("Alphabet", $"is missing; set one of {alphabets}.");
        }

        // A number that is invalid is reported once, so it is replaced by a valid one.
        int? ReadLength(string name) => reader.Has(name) ? reader.ReadInt32(name, ExternalFormatRules.MinLength) : null;
        var separator = reader.ReadString("Separator");
        if (separator is { Length: not 1 })
        {
            reader.AddProblem("Separator", "is not one character; write one printable ASCII character.");
        }

        return new ExternalApiKeyFormat
        {
            Prefix = reader.ReadString("Prefix") ?? "",
            Alphabet = reader.ReadValue(
                "Alphabet", ApiKeyAlphabet.Base62, $"must be one of {alphabets}.", SettingsValues.ParseEnumName<ApiKeyAlphabet>),
            Separator = separator is [var only] ? only : null,
            Length = ReadLength("Length"),
            MinLength = ReadLength("MinLength"),
            MaxLength = ReadLength("MaxLength"),
        };
    }

    private static ScopeDefinition ReadScopeSection(SettingsReader reader) => new()
    {
        Name = reader.ReadString("Name") ?? "",
        Description = reader.ReadString("Description") ?? "",
        Implies = reader.ReadScopes("Implies"),
        RateLimits = SettingsValues.ReadRateLimits(reader, "RateLimits") ?? [],
        GrantedByDefault = reader.ReadBoolean("GrantedByDefault", false),
    };
}
