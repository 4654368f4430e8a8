using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Connection;

/// <summary>Represents an embedded script. It is called by its hash, and its text is sent only to a server that lacks it.</summary>
/// <remarks>If a script is called by its text, the client hashes the text for each call, a quarter of the call's time.</remarks>
internal sealed class RedisScript
{
    private const string NoScriptError = "NOSCRIPT";

    private readonly string _text;
    private readonly byte[] _hash;

    /// <summary>Reads the script from an embedded file.</summary>
    public RedisScript(string file)
    {
        _text = EmbeddedText.Read(file);
        _hash = ComputeHash(_text);
    }

    public async Task<RedisResult> RunAsync(IDatabase database, RedisKey[] keys, RedisValue[] arguments)
    {
        try
        {
            return await database.ScriptEvaluateAsync(_hash, keys, arguments);
        }
        catch (RedisServerException exception) when (RedisErrors.GetCode(exception.Message) == NoScriptError)
        {
            // The server was restarted, its scripts were flushed, or another server took over.
            return await database.ScriptEvaluateAsync(_text, keys, arguments);
        }
    }

    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms",
        Justification = "Redis identifies scripts by their SHA-1 hash; it is not used for security.")]
    private static byte[] ComputeHash(string text) => SHA1.HashData(Encoding.UTF8.GetBytes(text));
}
