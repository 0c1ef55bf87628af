#!lua flags=allow-oom
-- Closes a room for good and answers how many lines it was given: fewer may be
-- left of them, which must not go unseen. An unknown one is
-- closed, too, and remembered as lost. KEYS: state, lines, ids.
local state = redis.call('HMGET', KEYS[1], 'open', 'lost', 'seq', 'base')
if not state[1] then
  redis.call('HSET', KEYS[1], 'open', 0, 'lost', 1)
  return -1
end
if state[2] then return -1 end
redis.call('HSET', KEYS[1], 'open', 0)
return tonumber(state[3]) - tonumber(state[4])
