using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.TestSupport;

/// <summary>Captures all log entries of all categories.</summary>
public sealed class LogCapture : ILoggerProvider
{
    private readonly ConcurrentQueue<Entry> _entries = new();

    public IReadOnlyCollection<Entry> Entries => _entries;

    /// <summary>Gets the entries of the library with level Warning and above.</summary>
    public IReadOnlyList<Entry> Warnings => [.. _entries.Where(entry => entry.IsOfLibrary && entry.Level >= LogLevel.Warning)];

    /// <summary>Gets the messages of <see cref="Warnings"/>.</summary>
    public IReadOnlyList<string> WarningMessages => [.. Warnings.Select(entry => entry.Message)];

    /// <summary>Gets the entries of the library with an event ID.</summary>
    public IReadOnlyList<Entry> Of(int eventId) => [.. _entries.Where(entry => entry.IsOfLibrary && entry.EventId == eventId)];

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _entries);

    public void Dispose()
    {
    }

    /// <summary>Represents an entry. Its text contains the message, the values and the exception.</summary>
    public sealed record Entry(string Category, LogLevel Level, int EventId, string Message, string Text)
    {
        public bool IsOfLibrary => Category.StartsWith("ApiKeyAuth", StringComparison.Ordinal);
    }

    private sealed class Logger(string category, ConcurrentQueue<Entry> entries) : ILogger
    {
        // The state of a scope is written with every entry inside it, so it is captured as an entry.
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Add(LogLevel.Trace, 0, state, state.ToString(), exception: null);
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Add(logLevel, eventId.Id, state, formatter(state, exception), exception);

        private void Add(LogLevel level, int eventId, object? state, string? message, Exception? exception)
        {
            // A logging provider may store the values although the message does not contain them.
            var values = state is IEnumerable<KeyValuePair<string, object?>> pairs ? $"{{{string.Join(", ", pairs)}}}" : "";
            entries.Enqueue(new Entry(category, level, eventId, message ?? "", $"{message} {values} {exception}"));
        }
    }
}
