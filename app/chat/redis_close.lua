#!lua flags=allow-oom
-- Closes a room for good and answers how many lines it holds. An unknown one is
-- closed, too, and remembered as lost. KEYS: state, lines, ids.
local state = redis.call('HMGET', KEYS[1], 'open', 'lost')
if not state[1] then
  redis.call('HSET', KEYS[1], 'open', 0, 'lost', 1)
  return -1
end
if state[2] then return -1 end
redis.call('HSET', KEYS[1], 'open', 0)
return redis.call('HLEN', KEYS[2])
