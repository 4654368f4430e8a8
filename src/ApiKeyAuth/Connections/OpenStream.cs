using System.Net;
using ApiKeyAuth.Authentication.Owners;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Internal;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;

namespace ApiKeyAuth.Connections;

/// <summary>
/// Represents a connection that stays open after its request was authorized, with the data to decide whether it may stay open.
/// </summary>
internal sealed class OpenStream(
    VerifiedApiKey verified, IReadOnlyList<ScopeRequirement> requirements, IPAddress? address, string? audience, object target)
{
    private readonly Lock _lock = new();
    private readonly object _target = target;
    private bool _isClosed;
    private volatile bool _isEnded;

    /// <summary>Gets the key and secret that opened the connection.</summary>
    public VerifiedApiKey Verified { get; } = verified;

    /// <summary>Gets the cached record of the key. The record of a personal key is wrapped for each request.</summary>
    public VerifiedApiKey CachedKey => Verified is PersonalApiKey owned ? owned.CachedKey : Verified;

    /// <summary>Gets the endpoint's scope requirements that the key met when the connection was opened.</summary>
    public IReadOnlyList<ScopeRequirement> Requirements { get; } = requirements;

    /// <summary>Gets the address of the caller that opened the connection.</summary>
    public IPAddress? Address { get; } = address;

    /// <summary>Gets the audience that the connection was opened for, or null if it is unknown.</summary>
    public string? Audience { get; } = audience;

    /// <summary>
    /// Gets or sets the same connection for another key, if it was opened with several keys. All of them must allow the connection.
    /// </summary>
    public OpenStream? Sibling { get; set; }

    /// <summary>Gets or sets the current scopes of the key, or null if they have not changed.</summary>
    public ScopeSet? ChangedScopes { get; set; }

    /// <summary>Gets or sets when the key or its secret expires, in UTC ticks.</summary>
    public long ExpiresAt { get; set; }

    /// <summary>Gets or sets the list of connections of the same key that contains this one.</summary>
    public KeyStreams? KeyStreams { get; set; }

    /// <summary>Gets or sets the previous connection of the same key.</summary>
    public OpenStream? Previous { get; set; }

    /// <summary>Gets or sets the next connection of the same key.</summary>
    public OpenStream? Next { get; set; }

    /// <summary>Gets a value indicating whether the connection was ended because the key no longer allows it.</summary>
    public bool IsEnded => _isEnded;

    /// <summary>
    /// Gets a value indicating whether a hub connection has ended without being removed, because an outer hub filter failed.
    /// </summary>
    public bool IsAbandoned => _target is HubCallerContext { ConnectionAborted.IsCancellationRequested: true };

    /// <summary>Aborts the connection, unless it is closed already.</summary>
    /// <returns><see langword="true"/> if this call ended the connection.</returns>
    public bool TryEnd()
    {
        // The server reuses the context of a completed request. Completion takes the same lock, so that no other request is aborted.
        lock (_lock)
        {
            if (_isClosed)
            {
                return false;
            }

            _isClosed = _isEnded = true;
            Abort();
            return true;
        }
    }

    /// <summary>Marks the connection as closed.</summary>
    public void MarkClosed()
    {
        lock (_lock)
        {
            _isClosed = true;
        }
    }

    private void Abort()
    {
        try
        {
            if (_target is HubCallerContext hub)
            {
                hub.Abort();
            }
            else
            {
                ((HttpContext)_target).Abort();
            }
        }
        catch (Exception)
        {
            // An exception must not keep the other connections of the key open.
        }
    }
}
