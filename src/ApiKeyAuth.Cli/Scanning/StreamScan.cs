namespace ApiKeyAuth.Cli.Scanning;

/// <summary>Scans a stream of any length in parts.</summary>
/// <param name="scanner">The scanner.</param>
internal sealed class StreamScan(KeyScanner scanner)
{
    private const int PartLength = 4 * 1024 * 1024;
    private const byte NewLine = (byte)'\n';

    /// <summary>Reports each key with its line and column, from 1.</summary>
    public async Task RunAsync(
        Stream stream, Func<KeyHit, long, long, Task> report, CancellationToken cancellationToken)
    {
        var buffer = new byte[PartLength];
        var (kept, line, lineStart, position, reported) = (0, 1L, 0L, 0L, -1L);
        while (true)
        {
            var read = await stream.ReadAtLeastAsync(
                buffer.AsMemory(kept), buffer.Length - kept, throwOnEndOfStream: false, cancellationToken);
            var length = kept + read;
            var isEnd = length < buffer.Length;

            // Only what cannot be the start of a key that goes on is complete.
            var complete = isEnd ? length : length - scanner.Overlap;
            var counted = 0;
            foreach (var hit in scanner.Find(buffer.AsSpan(0, length), position == 0, isEnd))
            {
                if (position + hit.Offset <= reported || hit.Offset >= complete)
                {
                    continue;
                }

                Count(buffer.AsSpan(counted, hit.Offset - counted), position + counted, ref line, ref lineStart);
                counted = hit.Offset;
                reported = position + hit.Offset;
                await report(hit, line, position + hit.Offset - lineStart + 1);
            }

            if (isEnd)
            {
                return;
            }

            // One byte more is kept, because a word is recognized by what is before it.
            var done = Math.Max(counted, complete - 1);
            Count(buffer.AsSpan(counted, done - counted), position + counted, ref line, ref lineStart);
            buffer.AsSpan(done, length - done).CopyTo(buffer);
            kept = length - done;
            position += done;
        }
    }

    private static void Count(ReadOnlySpan<byte> bytes, long start, ref long line, ref long lineStart)
    {
        var lines = bytes.Count(NewLine);
        if (lines > 0)
        {
            line += lines;
            lineStart = start + bytes.LastIndexOf(NewLine) + 1;
        }
    }
}
