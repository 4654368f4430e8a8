using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Connection;

/// <summary>A script that is part of the package, called by its name and sent only to a server that lacks it.</summary>
/// <remarks>Called by its text, the client looks the name up for each call in a table that hashes the whole text, which a profile showed to be a quarter of its time.</remarks>
internal sealed class RedisScript
{
    private const string NoScriptError = "NOSCRIPT";

    private readonly string _text;
    private readonly byte[] _hash;

    /// <summary>Reads one of the embedded files.</summary>
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
            // It was started anew, told to forget its scripts, or another has taken over.
            return await database.ScriptEvaluateAsync(_text, keys, arguments);
        }
    }

    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "It is how Redis names scripts, and protects nothing.")]
    private static byte[] ComputeHash(string text) => SHA1.HashData(Encoding.UTF8.GetBytes(text));
}
