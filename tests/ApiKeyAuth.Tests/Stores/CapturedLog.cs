using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Tests.Stores;

/// <summary>Captures all log messages at every level.</summary>
internal sealed class CapturedLog : ILoggerProvider
{
    private readonly ConcurrentQueue<Line> _lines = new();

    public IReadOnlyList<Line> Lines => [.. _lines];

    public IReadOnlyList<Line> Of(int eventId) =>
        [.. _lines.Where(line => line.Category.StartsWith("ApiKeyAuth", StringComparison.Ordinal) && line.Id == eventId)];

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _lines);

    public void Dispose()
    {
    }

    internal sealed record Line(string Category, int Id, LogLevel Level, string Text);

    private sealed class Logger(string category, ConcurrentQueue<Line> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            // Includes the structured values, which a logging provider may store although the message does not contain them.
            var parts = state is IEnumerable<KeyValuePair<string, object?>> pairs
                ? string.Join(' ', pairs.Select(pair => $"{pair.Key}={pair.Value}"))
                : "";
            lines.Enqueue(new Line(category, eventId.Id, logLevel, $"{formatter(state, exception)} {parts} {exception}"));
        }
    }
}
