using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Usage;

/// <summary>The uses of one key since the last flush. It outlives the key's cached records, which only point at it. Its own gate: nobody else holds it, and there are many.</summary>
internal sealed class KeyUses(string keyId, UsageRoom room, int mostNetworks)
{
    // A key that is used now and then is not made anew each time; at the usual interval these are 5 minutes.
    private const int IdleFlushes = 30;

    private FewThenMany<UsageKind, UsageCell> _cells;
    private FewThenMany<string, ScopeMark> _scopes;
    private UsagePlaces _places;
    private UsageCell? _latest;
    private byte _idle;
    private bool _isRetired;

    public string KeyId => keyId;

    /// <summary>Counts a use. One that is like the last, as most are, costs a comparison and an addition.</summary>
    public CountResult Count(in UsageKind kind, long now)
    {
        lock (this)
        {
            if (_isRetired)
            {
                return CountResult.Retired;
            }

            if (_latest is not { } cell || !cell.IsOf(kind))
            {
                if (Find(kind) is not { } found)
                {
                    return CountResult.Dropped;
                }

                _latest = cell = found;
            }

            cell.Add(now);
            return CountResult.Counted;
        }
    }

    public CountResult Note(string scope, long now)
    {
        lock (this)
        {
            if (_isRetired)
            {
                return CountResult.Retired;
            }

            if (!_scopes.TryGet(scope, out var mark))
            {
                if (!room.TryTake())
                {
                    return CountResult.Dropped;
                }

                _scopes.Add(scope, mark = new ScopeMark(scope));
            }

            mark.Note(now);
            return CountResult.Counted;
        }
    }

    /// <summary>Takes what was counted. Who was not used for some flushes is retired, and counts nothing any more.</summary>
    /// <returns>Whether it is retired.</returns>
    public bool Take(List<FrozenUse> uses, List<ApiKeyScopeUse> scopes)
    {
        lock (this)
        {
            TakeUses(uses);
            TakeScopes(scopes);
            _idle = (byte)(_cells.IsEmpty && _scopes.IsEmpty ? _idle + 1 : 0);
            return _isRetired = _idle == IdleFlushes;
        }
    }

    private UsageCell? Find(in UsageKind kind)
    {
        var kept = _places.Keep(kind, mostNetworks);
        if (!_cells.TryGet(kept, out var cell) && room.TryTake())
        {
            _cells.Add(kept, cell = new UsageCell(kept));
        }

        return cell;
    }

    private void TakeUses(List<FrozenUse> uses) => _cells.RemoveWhere(cell =>
    {
        if (cell.Count > 0)
        {
            uses.Add(cell.Take(keyId));
            room.Move(1);
            return false;
        }

        _latest = null;
        room.Free(1);
        return true;
    });

    private void TakeScopes(List<ApiKeyScopeUse> scopes) => _scopes.RemoveWhere(mark =>
    {
        if (mark.Take(out var isOver) is { } last)
        {
            scopes.Add(new ApiKeyScopeUse { KeyId = keyId, Scope = mark.Scope, LastUsedAt = last });
            room.Move(1);
        }

        if (isOver)
        {
            room.Free(1);
        }

        return isOver;
    });
}
