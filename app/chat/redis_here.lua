#!lua flags=allow-oom
-- Changes who has a room open and tells it, in one step. KEYS: here, a hash of
--   user → {"at": {replica: when its mark runs out, in ms}, "gone": the Presence
--   to tell when no mark is left}, and of "told" → the version told last.
-- ARGV: the replica, how many ms its marks last, 1 if marks that ran out are to
-- go, the channel, the topic, the kind; then any number of
--   came USER PRESENCE GONE   a mark is set, and told if it is the only one
--   stays USER                the mark lasts on; without one USER is answered
--   went USER                 the mark goes, and is told if it was the last one
--   left USER                 all marks of the user go, untold
--   ended                     all marks go, untold
local here, replica, lease = KEYS[1], ARGV[1], tonumber(ARGV[2])
local clock = redis.call('TIME')
local micros = tonumber(clock[1]) * 1000000 + tonumber(clock[2])
local now = math.floor(micros / 1000)
local unmarked, place = {}, 6

local function argument()
  place = place + 1
  return ARGV[place]
end

local function find(user)
  local kept = redis.call('HGET', here, user)
  return kept and cjson.decode(kept)
end

-- The versions rise also when the clock is set back.
local function tell(user, presence)
  local version = math.max(micros, tonumber(redis.call('HGET', here, 'told') or 0) + 1)
  redis.call('HSET', here, 'told', string.format('%.0f', version))
  redis.call('PUBLISH', ARGV[4], string.format('{"topic":"%s","kind":"%s","key":"%s:%s","version":%.0f,"data":%s}',
    ARGV[5], ARGV[6], ARGV[5], user, version, presence))
end

local function keep(user, mark)
  if next(mark.at) then
    redis.call('HSET', here, user, cjson.encode(mark))
  else
    redis.call('HDEL', here, user)
    tell(user, mark.gone)
  end
end

local acts = {
  came = function(user, presence, gone)
    local mark = find(user)
    if not mark then
      tell(user, presence)
      mark = {at = {}}
    end
    mark.gone, mark.at[replica] = gone, now + lease
    keep(user, mark)
  end,
  stays = function(user)
    local mark = find(user)
    if mark and mark.at[replica] then
      mark.at[replica] = now + lease
      keep(user, mark)
    else
      table.insert(unmarked, tonumber(user))
    end
  end,
  went = function(user)
    local mark = find(user)
    if mark and mark.at[replica] then
      mark.at[replica] = nil
      keep(user, mark)
    end
  end,
  left = function(user) redis.call('HDEL', here, user) end,
  ended = function() redis.call('DEL', here) end,
}
local arity = {came = 3, stays = 1, went = 1, left = 1, ended = 0}

while place < #ARGV do
  local act, arguments = argument(), {}
  for i = 1, arity[act] do arguments[i] = argument() end
  acts[act](unpack(arguments))
end

if ARGV[3] == '1' then
  local all = redis.call('HGETALL', here)
  for i = 1, #all, 2 do
    if all[i] ~= 'told' then
      local mark, changed = cjson.decode(all[i + 1]), false
      for other, ends in pairs(mark.at) do
        local left = math.min(ends, now + lease) -- also when the clock was set back
        if left ~= ends or left <= now then
          mark.at[other], changed = left > now and left or nil, true
        end
      end
      if changed then keep(all[i], mark) end
    end
  end
end
if redis.call('PTTL', here) < lease then redis.call('PEXPIRE', here, lease) end
return unmarked
