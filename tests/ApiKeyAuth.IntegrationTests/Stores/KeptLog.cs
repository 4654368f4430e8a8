using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.IntegrationTests.Stores;

/// <summary>Captures the warnings and errors that the library logs.</summary>
internal sealed class KeptLog : ILoggerProvider
{
    private readonly ConcurrentQueue<(int Id, string Text)> _lines = new();

    public IReadOnlyCollection<(int Id, string Text)> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName.StartsWith("ApiKeyAuth.", StringComparison.Ordinal));

    public void Dispose()
    {
    }

    private sealed class Logger(KeptLog log, bool isOurs) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => isOurs && logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                log._lines.Enqueue((eventId.Id, formatter(state, exception)));
            }
        }
    }
}
