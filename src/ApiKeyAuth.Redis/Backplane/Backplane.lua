-- The server side of the backplane: the list of members and the log of changes. Both are in one hash.
--
-- KEYS   the hash. Its fields are boot, clock, last, generation, nodes (per member "id acknowledged heartbeat lease;"),
--        and c<number> per change ("mark:key").
-- ARGV   the operation, the member, its lease in milliseconds, then by operation
--          heartbeat     the position it applied   -> position, number of members, whether the position is known,
--                                                     whether all have applied it, the keys changed since
--          publish       the key, a random mark    -> position, whether no other member is listed, whether the list is complete,
--                                                     the longest lease
--          acknowledged  the position              -> whether every other member has applied it or is gone
--          leave                                   -> nothing
--          probe                                   -> 1 if the server supports the script
local MAX_CHANGES = 1024

local hash, op, me, lease = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3])

-- The run ID changes with a restart and a failover. After either, the log may lack a change that a caller has waited for.
local boot = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
if not boot then
  return redis.error_reply('ERR the server has no run_id')
end
if op == 'probe' then
  return 1
end

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local state = redis.call('HMGET', hash, 'boot', 'clock', 'last', 'generation', 'nodes')
local isOurs = state[1] == boot
local clock, last, generation = tonumber(state[2] or '0'), tonumber(state[3] or '0'), tonumber(state[4] or '0')

local nodes, count = {}, 0
if isOurs then
  for id, acknowledged, heartbeat, longest in string.gmatch(state[5] or '', '(%S+) (%d+) (%d+) (%d+);') do
    nodes[id] = { acknowledged = tonumber(acknowledged), heartbeat = tonumber(heartbeat), lease = tonumber(longest) }
  end
end

local function whole(number)
  return string.format('%d', number)
end

local function markOf(number)
  local change = redis.call('HGET', hash, 'c' .. whole(number))
  return change and string.match(change, '^(%w+):')
end

local function numberOf(position)
  local number, mark = string.match(position, '^(%d+):(%w+)$')
  return number and isOurs and markOf(tonumber(number)) == mark and tonumber(number) or nil
end

local function positionOf()
  return whole(generation) .. ':' .. markOf(generation)
end

local function longestLease()
  local longest = lease
  for _, node in pairs(nodes) do
    longest = math.max(longest, node.lease)
  end
  return longest
end

-- A new list is complete once every member has had the time to send a heartbeat.
local function isComplete()
  return clock >= longestLease() * 1.5
end

local function haveOthersApplied(number)
  for id, node in pairs(nodes) do
    if id ~= me and node.acknowledged < number then
      return false
    end
  end
  return true
end

local function save()
  local list = {}
  for id, node in pairs(nodes) do
    list[#list + 1] = id .. ' ' .. whole(node.acknowledged) .. ' ' .. whole(node.heartbeat) .. ' ' .. whole(node.lease) .. ';'
  end
  count = #list
  redis.call('HSET', hash, 'boot', boot, 'clock', whole(clock), 'last', whole(now), 'generation', whole(generation),
    'nodes', table.concat(list))
end

if op == 'leave' then
  if isOurs and nodes[me] then
    nodes[me] = nil
    now = last
    save()
  end
  return {}
end

if op == 'acknowledged' then
  local number = numberOf(ARGV[4])
  return number and isComplete() and haveOthersApplied(number) and 1 or 0
end

local function append(mark, key)
  generation = generation + 1
  redis.call('HSET', hash, 'c' .. whole(generation), mark .. ':' .. key)
  redis.call('HDEL', hash, 'c' .. whole(generation - MAX_CHANGES))
end

if not isOurs then
  redis.call('DEL', hash)
  clock, last, generation, isOurs = 0, now, 0, true
  append(ARGV[5], '')
end

-- A jump of the server's clock counts as half a lease at most.
clock = clock + math.min(math.max(now - last, 0), math.floor(lease / 2))

for id, node in pairs(nodes) do
  if id ~= me and clock - node.heartbeat >= node.lease * 1.5 then
    nodes[id] = nil
  end
end

if op == 'publish' then
  append(ARGV[5], ARGV[4])
  local isOnlyMember = true
  for id in pairs(nodes) do
    isOnlyMember = isOnlyMember and id == me
  end
  local longest = longestLease()
  local isComplete = isComplete()
  save()
  return { positionOf(), isOnlyMember and 1 or 0, isComplete and 1 or 0, longest }
end

local number = numberOf(ARGV[4])
local before = nodes[me] and nodes[me].acknowledged or -1
nodes[me] = { acknowledged = number or 0, heartbeat = clock, lease = lease }
local isAcknowledged = number ~= nil and before < number and number == generation and haveOthersApplied(number)
save()
local reply = { positionOf(), count, number and 1 or 0, isAcknowledged and 1 or 0 }
if number then
  for changed = number + 1, generation do
    reply[#reply + 1] = string.match(redis.call('HGET', hash, 'c' .. whole(changed)), '^%w+:(.*)$')
  end
end
return reply
