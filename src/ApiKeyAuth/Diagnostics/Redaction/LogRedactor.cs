using ApiKeyAuth.Keys;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Diagnostics.Redaction;

/// <summary>Masks keys in the parts of log entries.</summary>
/// <param name="formats">
/// Gets the formats of the app. It is called when an entry is written, because creating the options may write entries itself.
/// </param>
internal sealed class LogRedactor(Func<ApiKeyFormats?> formats)
{
    private static readonly ApiKeyFormats Default = new(new ApiKeyFormat());

    [ThreadStatic]
    private static bool _isResolving;

    private ApiKeyFormats? _formats;

    /// <summary>Returns the masked state of an entry or scope, or null if it contains no key.</summary>
    /// <param name="state">The state, whose values are masked too.</param>
    /// <param name="message">The text of the state.</param>
    public RedactedState? Redact(object? state, string message)
    {
        var text = Redact(message);
        var isChanged = !ReferenceEquals(text, message);
        KeyValuePair<string, object?>[] values = state is IEnumerable<KeyValuePair<string, object?>> pairs ? [.. pairs] : [];
        for (var index = 0; index < values.Length; index++)
        {
            var value = values[index].Value;
            var redacted = RedactValue(value);
            isChanged |= !ReferenceEquals(redacted, value);
            values[index] = new(values[index].Key, redacted);
        }

        return isChanged ? new RedactedState(text, values) : null;
    }

    /// <summary>Returns an exception whose text contains no key, which is the same one if its text contains none.</summary>
    public Exception Redact(Exception exception)
    {
        var text = exception.ToString();
        var redacted = Redact(text);
        return ReferenceEquals(redacted, text) ? exception : new RedactedException(Redact(exception.Message), redacted);
    }

    private object? RedactValue(object? value)
    {
        switch (value)
        {
            case null or bool or Enum or IFormattable and IConvertible:
                return value;
            case string text:
                return Redact(text);
            case IEnumerable<string?> items:
                string?[] texts = [.. items];
                string?[] redacted = [.. texts.Select(item => item is null ? null : Redact(item))];
                return texts.SequenceEqual(redacted) ? value : redacted;
            default:
                // Providers write other values, such as addresses, as text.
                var shown = value.ToString() ?? "";
                return Redact(shown) is var masked && ReferenceEquals(masked, shown) ? value : masked;
        }
    }

    private string Redact(string text) => GetFormats().Redact(text);

    private ApiKeyFormats GetFormats()
    {
        if (_formats is { } known)
        {
            return known;
        }

        if (_isResolving)
        {
            return Default;
        }

        _isResolving = true;
        try
        {
            return _formats = formats() ?? Default;
        }
        catch (Exception exception) when (exception is OptionsValidationException or InvalidOperationException or ArgumentException)
        {
            // The startup check reports the invalid settings, and the host may be stopping.
            return Default;
        }
        finally
        {
            _isResolving = false;
        }
    }
}
