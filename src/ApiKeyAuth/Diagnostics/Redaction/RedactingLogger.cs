using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Diagnostics.Redaction;

/// <summary>Masks keys in log entries and scopes. An entry without a key is passed on as it is.</summary>
internal sealed class RedactingLogger(ILogger inner, LogRedactor redactor) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull =>
        redactor.Redact(state, state.ToString() ?? "") is { } redacted ? inner.BeginScope(redacted) : inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!inner.IsEnabled(logLevel))
        {
            return;
        }

        var safeException = exception is null ? null : redactor.Redact(exception);
        if (redactor.Redact(state, formatter(state, exception)) is { } redacted)
        {
            inner.Log(logLevel, eventId, redacted, safeException, static (state, _) => state.ToString());
        }
        else
        {
            inner.Log(logLevel, eventId, state, safeException, formatter);
        }
    }
}
