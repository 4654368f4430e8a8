using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Diagnostics.Redaction;

/// <summary>Creates loggers that mask keys before the app's logger factory, which the container disposes, receives an entry.</summary>
internal sealed class RedactingLoggerFactory(ILoggerFactory inner, LogRedactor redactor) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new RedactingLogger(inner.CreateLogger(categoryName), redactor);

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose()
    {
    }
}
