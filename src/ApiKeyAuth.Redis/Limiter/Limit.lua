-- Charges the windows of a key and of its tenant, all or none. One call decides for all its items, of one or several API keys.
--
-- KEYS   per API key one or two states: the key's, then the tenant's.
-- ARGV   per API key: the number of its arguments that follow; the number of windows of the first state and of the second (0 if
--        there is none); each window as seconds, permits; then the items, each as cost, mode, number:
--          mode 0  that number of requests, each charged if it is admitted
--          mode 1  that number of requests, each charged always
--          mode 2  an unsynced charge, made that number of microseconds ago
-- Reply  per API key: how many of its numbers follow; per item of mode 0 and 1 the number of admitted requests, then per window the
--        usage, the microseconds until all of it is free, and the microseconds until one more such request is admitted (0 now, -1
--        never). If the only item has mode 0 and all its requests are admitted, the reply may contain only the usage per window.
--
-- A state consists of big-endian doubles, the only packing that works on every server: the latest time of a charge, then per
-- window seconds, used, start of the newest run, number of runs, and the runs, oldest first, each as the time of its last charge
-- and a count. Times are microseconds of this server's clock.
local MAX_RUNS, MAX_USED, RUN = 64, 4294967295, 16
local pack, unpack, sub, floor = struct.pack, struct.unpack, string.sub, math.floor

local time = redis.call('TIME')
local clock = time[1] * 1000000 + time[2]
local reply = {}

-- The fast path for the most frequent call: one item of mode 0, admitted by all windows of one state. It changes each packed log in
-- place by the same rules as decide(), which handles everything else.
local function pass(state, at, expected, permits, cost)
  local seconds, used, start, runs, stamp, number = unpack('>dddddd', state, at)
  local first, last, length = at + 32, at + 16 + runs * RUN, seconds * 1000000
  if runs > 1 then
    while first < last and clock - stamp >= length do
      used, runs, first = used - number, runs - 1, first + RUN
      stamp, number = unpack('>dd', state, first)
    end
    if first < last then
      stamp, number = unpack('>dd', state, last)
    end
  end
  if clock - stamp >= length then
    used, runs = 0, 0
  end
  used = used + cost
  if seconds ~= expected or used > permits or used > MAX_USED then
    return nil
  elseif runs == 0 then
    return used, pack('>dddddd', seconds, used, clock, 1, clock, cost), last + RUN
  elseif runs < MAX_RUNS and clock - start >= (permits <= MAX_RUNS and 1 or floor(length / (MAX_RUNS - 2))) then
    local runsBefore = sub(state, first, last + RUN - 1)
    return used, pack('>dddd', seconds, used, clock, runs + 1) .. runsBefore .. pack('>dd', clock, cost), last + RUN
  elseif first == last then
    return used, pack('>dddddd', seconds, used, start, runs, clock, number + cost), last + RUN
  end
  local runsBefore = sub(state, first, last - 1)
  return used, pack('>dddd', seconds, used, start, runs) .. runsBefore .. pack('>dd', clock, number + cost), last + RUN
end

local function quick(name, argument, last)
  local state, cost = redis.call('GET', name), ARGV[last - 2] * ARGV[last]
  if not state or #state <= 8 or cost == 0 or unpack('>d', state) > clock then
    return false
  end
  local longest = ARGV[argument + 2]
  local used, log, at = pass(state, 9, tonumber(longest), tonumber(ARGV[argument + 3]), cost)
  local all, logs
  for window = argument + 4, last - 4, 2 do
    if not used or at > #state then
      return false
    end
    all, logs = all or { used }, logs or { log }
    used, log, at = pass(state, at, tonumber(ARGV[window]), tonumber(ARGV[window + 1]), cost)
    all[#all + 1], logs[#logs + 1] = used, log
    longest = tonumber(ARGV[window]) > tonumber(longest) and ARGV[window] or longest
  end
  if not used or at <= #state then
    return false
  end
  -- Appending 001 to the seconds of the longest window gives its milliseconds, plus one.
  redis.call('SET', name, pack('>d', clock) .. (logs and table.concat(logs) or log), 'PX', longest .. '001')
  if all then
    reply[#reply + 1] = #all
    for window = 1, #all do
      reply[#reply + 1] = all[window]
    end
  else
    reply[#reply + 1] = 1
    reply[#reply + 1] = used
  end
  return true
end

-- Handles everything else. The inner functions are created only by calls that need them.
local function decide(names, from, last)
  local now = clock

  -- The closed runs of a log stay packed, because most calls only read the first and the last run.
  local function read(state, at)
    local seconds, used, start, runs = unpack('>dddd', state, at)
    local from, last = at + 32, at + 32 + (runs - 1) * RUN
    local stamp, count = unpack('>dd', state, last)
    local closed = string.sub(state, from, last - 1)
    return { seconds = seconds, used = used, start = start, runs = runs, closed = closed, stamp = stamp, count = count }, last + RUN
  end

  local function removeExpired(log, length)
    local expired = 0
    while expired < log.runs - 1 do
      local stamp, count = unpack('>dd', log.closed, expired * RUN + 1)
      if now - stamp < length then
        break
      end
      log.used = log.used - count
      expired = expired + 1
    end
    if log.runs > 0 and now - log.stamp >= length then
      log.runs, log.used, log.closed = 0, 0, ''
    elseif expired > 0 then
      log.runs, log.closed = log.runs - expired, string.sub(log.closed, expired * RUN + 1)
    end
  end

  -- A new window starts with a copy of the shortest longer log, or of the longest log if none is longer.
  local function inherit(logs, seconds)
    local source
    for _, log in ipairs(logs) do
      if log.seconds == seconds then
        return log
      elseif not source or (source.seconds < seconds and log.seconds > source.seconds)
        or (log.seconds > seconds and log.seconds < source.seconds) then
        source = log
      end
    end
    if not source then
      return { used = 0, start = 0, runs = 0, closed = '', stamp = 0, count = 0 }
    end
    return {
      used = source.used, start = source.start, runs = source.runs,
      closed = source.closed, stamp = source.stamp, count = source.count
    }
  end

  local function append(log, at, cost)
    if log.used + cost > MAX_USED then
      log.runs, log.closed, log.start, log.stamp, log.count, log.used = 1, '', at, at, MAX_USED, MAX_USED
      return
    end
    -- Measured from the start of the run, so that a steady stream of requests does not extend it without end.
    if log.runs > 0 and log.runs < MAX_RUNS and at - log.start >= log.join then
      log.closed = log.closed .. pack('>dd', log.stamp, log.count)
      log.runs, log.start, log.stamp, log.count = log.runs + 1, at, at, cost
    elseif log.runs == 0 then
      log.runs, log.start, log.stamp, log.count = 1, at, at, cost
    else
      log.stamp, log.count = math.max(log.stamp, at), log.count + cost
    end
    log.used = log.used + cost
  end

  local function wait(log, cost)
    local needed = cost - (log.permits - log.used)
    if cost == 0 or needed <= 0 then
      return 0
    elseif cost > log.permits then
      return -1
    end
    for run = 0, log.runs - 2 do
      local stamp, count = unpack('>dd', log.closed, run * RUN + 1)
      needed = needed - count
      if needed <= 0 then
        return stamp + log.length - clock
      end
    end
    return log.stamp + log.length - clock
  end

  local states, windows, argument = {}, {}, from + 2
  for index, name in ipairs(names) do
    local state = redis.call('GET', name)
    local kept = {}
    if state then
      local at = 9
      now = math.max(now, (unpack('>d', state, 1)))
      while at <= #state do
        kept[#kept + 1], at = read(state, at)
      end
    end
    states[index] = { name = name, kept = kept, count = tonumber(ARGV[from + index - 1]) }
  end

  for _, state in ipairs(states) do
    state.from = #windows + 1
    for _ = 1, state.count do
      local seconds, permits = tonumber(ARGV[argument]), tonumber(ARGV[argument + 1])
      local log = inherit(state.kept, seconds)
      argument = argument + 2
      log.seconds, log.permits, log.length = seconds, permits, seconds * 1000000
      -- The log is exact if there are no more permits than runs.
      log.join = permits <= MAX_RUNS and 1 or math.floor(log.length / (MAX_RUNS - 2))
      removeExpired(log, log.length)
      windows[#windows + 1] = log
    end
  end

  local function charge(cost, age)
    for _, log in ipairs(windows) do
      if age < log.length then
        append(log, math.max(now - age, log.runs > 0 and log.stamp or 0), cost)
      end
    end
  end

  local place, changed = #reply + 1, false
  reply[place] = 0
  local function answer(cost, count, always)
    local admitted = count
    if cost > 0 then
      for _, log in ipairs(windows) do
        admitted = math.min(admitted, math.max(0, math.floor((log.permits - log.used) / cost)))
      end
      local charged = always and count or admitted
      if charged > 0 then
        charge(cost * charged, 0)
        changed = true
      end
    end
    reply[#reply + 1] = admitted
    for _, log in ipairs(windows) do
      reply[#reply + 1] = log.used
      reply[#reply + 1] = log.used > 0 and log.stamp + log.length - clock or 0
      reply[#reply + 1] = admitted < count and wait(log, cost) or 0
    end
  end

  while argument <= last do
    local cost, mode, number = tonumber(ARGV[argument]), ARGV[argument + 1], tonumber(ARGV[argument + 2])
    argument = argument + 3
    if mode == '2' then
      charge(cost, number)
      changed = true
    else
      answer(cost, number, mode == '1')
    end
  end

  if changed then
    for _, state in ipairs(states) do
      local parts, longest = { pack('>d', now) }, 0
      for index = state.from, state.from + state.count - 1 do
        local log = windows[index]
        if log.runs > 0 then
          parts[#parts + 1] = pack('>dddd', log.seconds, log.used, log.start, log.runs) .. log.closed .. pack('>dd', log.stamp, log.count)
          longest = math.max(longest, log.seconds)
        end
      end
      -- One millisecond more, because servers expire by milliseconds, and the difference if the clock is behind the stored times.
      local expiration = longest * 1000 + math.ceil((now - clock) / 1000) + 1
      redis.call('SET', state.name, table.concat(parts), 'PX', string.format('%d', expiration))
    end
  end
  reply[place] = #reply - place
end

local key, argument = 1, 1
while argument <= #ARGV do
  local from, last = argument + 1, argument + ARGV[argument]
  local isOneState = ARGV[from + 1] == '0'
  local isOneItem = ARGV[last - 1] == '0' and last == from + 2 * ARGV[from] + 4
  if not (isOneState and isOneItem and quick(KEYS[key], from, last)) then
    decide({ KEYS[key], not isOneState and KEYS[key + 1] or nil }, from, last)
  end
  key, argument = key + (isOneState and 1 or 2), last + 1
end
return reply
