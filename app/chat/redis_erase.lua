-- Replaces a line of an open room by its emptied form and tells it. KEYS:
-- state, lines, ids. ARGV: its number, the emptied line, the channel, the event.
local open = redis.call('HGET', KEYS[1], 'open')
if not open then return -1 end
if open ~= '1' then return -2 end
if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 0 then return -3 end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
redis.call('PUBLISH', ARGV[3], ARGV[4])
return 0
