-- The server of the bus: the list of nodes and the log of changes, one hash, changed by one script at a time.
--
-- KEYS   the hash: boot, clock, last, generation, nodes ("id acknowledged seen lease;" each), and c<number> for each change ("mark:key").
-- ARGV   what to do, the node, its lease in milliseconds, then
--          beat          the position it acted on   -> position, number of nodes, whether the position is known, whether all have acted, keys changed since
--          publish       the key, a random mark     -> position, whether no other node is listed, whether the list is sure to lack none, the longest lease
--          acknowledged  the position               -> whether every other node has acted on it or is gone
--          leave                                    -> nothing
--          trial                                    -> whether the server can do all this
local MOST_CHANGES = 1024

local bus, op, me, lease = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3])

-- Another with each start of a server, and on each that may take over: what lags behind may lack a change that was waited for.
local boot = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
if not boot then
  return redis.error_reply('ERR the server has no run_id')
end
if op == 'trial' then
  return 1
end

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local state = redis.call('HMGET', bus, 'boot', 'clock', 'last', 'generation', 'nodes')
local isOurs = state[1] == boot
local clock, last, generation = tonumber(state[2] or '0'), tonumber(state[3] or '0'), tonumber(state[4] or '0')

local nodes, count = {}, 0
if isOurs then
  for id, acknowledged, seen, longest in string.gmatch(state[5] or '', '(%S+) (%d+) (%d+) (%d+);') do
    nodes[id] = { acknowledged = tonumber(acknowledged), seen = tonumber(seen), lease = tonumber(longest) }
  end
end

local function whole(number)
  return string.format('%d', number)
end

local function markOf(number)
  local change = redis.call('HGET', bus, 'c' .. whole(number))
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

-- The list may lack a node until all have had the time to beat since it was begun.
local function isSettled()
  return clock >= longestLease() * 1.5
end

local function haveOthersActed(number)
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
    list[#list + 1] = id .. ' ' .. whole(node.acknowledged) .. ' ' .. whole(node.seen) .. ' ' .. whole(node.lease) .. ';'
  end
  count = #list
  redis.call('HSET', bus, 'boot', boot, 'clock', whole(clock), 'last', whole(now), 'generation', whole(generation), 'nodes', table.concat(list))
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
  return number and isSettled() and haveOthersActed(number) and 1 or 0
end

local function append(mark, key)
  generation = generation + 1
  redis.call('HSET', bus, 'c' .. whole(generation), mark .. ':' .. key)
  redis.call('HDEL', bus, 'c' .. whole(generation - MOST_CHANGES))
end

if not isOurs then
  redis.call('DEL', bus)
  clock, last, generation, isOurs = 0, now, 0, true
  append(ARGV[5], '')
end

-- Jumps of the server's clock count for no more than half a lease.
clock = clock + math.min(math.max(now - last, 0), math.floor(lease / 2))

for id, node in pairs(nodes) do
  if id ~= me and clock - node.seen >= node.lease * 1.5 then
    nodes[id] = nil
  end
end

if op == 'publish' then
  append(ARGV[5], ARGV[4])
  local isAlone = true
  for id in pairs(nodes) do
    isAlone = isAlone and id == me
  end
  local longest = longestLease()
  local isSettled = isSettled()
  save()
  return { positionOf(), isAlone and 1 or 0, isSettled and 1 or 0, longest }
end

local number = numberOf(ARGV[4])
local before = nodes[me] and nodes[me].acknowledged or -1
nodes[me] = { acknowledged = number or 0, seen = clock, lease = lease }
local areAll = number ~= nil and before < number and number == generation and haveOthersActed(number)
save()
local reply = { positionOf(), count, number and 1 or 0, areAll and 1 or 0 }
if number then
  for changed = number + 1, generation do
    reply[#reply + 1] = string.match(redis.call('HGET', bus, 'c' .. whole(changed)), '^%w+:(.*)$')
  end
end
return reply
