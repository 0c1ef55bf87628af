#!lua flags=allow-oom
-- Changes the presence of a room and publishes the changes, in one step.
-- KEYS: a hash of
--   user → {"at": {replica: the end of its lease, in ms}, "gone": the Presence to
--     publish when no replica is left}
--   "told" → the newest version published
-- ARGV: the replica, its lease in ms, 1 to remove expired replicas, topic, kind;
--   then any number of
--   online USER PRESENCE GONE   adds the replica; publishes PRESENCE if it is the first
--   renew USER                  extends the lease; USER is returned if there is none
--   offline USER                removes the replica; publishes GONE if it was the last
--   left USER                   removes the user, publishing nothing
--   ended                       removes all users, publishing nothing
-- Returns the users of the failed renewals. Replicas of the version before read the
-- same hash: its fields must not change.
local room, replica, lease = KEYS[1], ARGV[1], tonumber(ARGV[2])
local clock = redis.call('TIME')
local micros = tonumber(clock[1]) * 1000000 + tonumber(clock[2])
local now = math.floor(micros / 1000)
local missing, index = {}, 5

local function argument()
  index = index + 1
  return ARGV[index]
end

local function find(user)
  local stored = redis.call('HGET', room, user)
  return stored and cjson.decode(stored)
end

-- publish publishes with a version that rises even if the clock was set back.
local function publish(user, presence)
  local version = math.max(micros, tonumber(redis.call('HGET', room, 'told') or 0) + 1)
  redis.call('HSET', room, 'told', string.format('%.0f', version))
  publish_event(ARGV[4], ARGV[5], ARGV[4] .. ':' .. user, version, presence)
end

-- save stores the entry of a user, or removes it if no replica is left.
local function save(user, entry)
  if next(entry.at) then
    redis.call('HSET', room, user, cjson.encode(entry))
  else
    redis.call('HDEL', room, user)
    publish(user, entry.gone)
  end
end

local acts = {
  online = function(user, presence, gone)
    local entry = find(user)
    if not entry then
      publish(user, presence)
      entry = {at = {}}
    end
    entry.gone, entry.at[replica] = gone, now + lease
    save(user, entry)
  end,
  renew = function(user)
    local entry = find(user)
    if entry and entry.at[replica] then
      entry.at[replica] = now + lease
      save(user, entry)
    else
      table.insert(missing, tonumber(user))
    end
  end,
  offline = function(user)
    local entry = find(user)
    if entry and entry.at[replica] then
      entry.at[replica] = nil
      save(user, entry)
    end
  end,
  left = function(user) redis.call('HDEL', room, user) end,
  ended = function() redis.call('DEL', room) end,
}
local arity = {online = 3, renew = 1, offline = 1, left = 1, ended = 0}

while index < #ARGV do
  local act, arguments = argument(), {}
  for i = 1, arity[act] do arguments[i] = argument() end
  acts[act](unpack(arguments))
end

if ARGV[3] == '1' then
  local all = redis.call('HGETALL', room)
  for i = 1, #all, 2 do
    if all[i] ~= 'told' then
      local entry, changed = cjson.decode(all[i + 1]), false
      for other, ends in pairs(entry.at) do
        local left = math.min(ends, now + lease) -- also if the clock was set back
        if left ~= ends or left <= now then
          entry.at[other], changed = left > now and left or nil, true
        end
      end
      if changed then save(all[i], entry) end
    end
  end
end
if redis.call('PTTL', room) < lease then redis.call('PEXPIRE', room, lease) end
return missing
