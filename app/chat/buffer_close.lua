#!lua flags=allow-oom
-- Closes a room for good. KEYS: state, lines, ids.
-- Returns the number of lines that were appended (fewer may be left after a loss,
-- which the caller must notice), or -1 for an unknown room, which is closed and
-- remembered as lost.
local state = redis.call('HMGET', KEYS[1], 'open', 'lost', 'seq', 'base')
if not state[1] then
  redis.call('HSET', KEYS[1], 'open', 0, 'lost', 1)
  return -1
end
if state[2] then return -1 end
redis.call('HSET', KEYS[1], 'open', 0)
return tonumber(state[3]) - tonumber(state[4])
