using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Tests.TestHost;

/// <summary>Captures all log entries of all categories, each with its message, values and exception in one text.</summary>
internal sealed class LogCapture : ILoggerProvider
{
    private readonly ConcurrentQueue<Entry> _entries = new();

    public IReadOnlyCollection<Entry> Entries => _entries;

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _entries);

    public void Dispose()
    {
    }

    internal sealed record Entry(string Category, LogLevel Level, int EventId, string Text);

    private sealed class Logger(string category, ConcurrentQueue<Entry> entries) : ILogger
    {
        // The state of a scope is written with every entry inside it, so it is captured as an entry.
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            entries.Enqueue(new Entry(category, LogLevel.Trace, 0, Describe(state, state.ToString())));
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            entries.Enqueue(new Entry(category, logLevel, eventId.Id, $"{Describe(state, formatter(state, exception))} {exception}"));

        private static string Describe(object? state, string? text) =>
            state is IEnumerable<KeyValuePair<string, object?>> values ? $"{text} {{{string.Join(", ", values)}}}" : text ?? "";
    }
}
