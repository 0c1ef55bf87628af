-- Marks an unknown room open. KEYS: state, lines, ids. ARGV: the number before
-- its first line; and, when that line is known, its number, who said it (0:
-- nobody), when, the line, the channel, and its event.
local open = redis.call('HGET', KEYS[1], 'open')
if open == '1' then return 0 end
if open then return -2 end
redis.call('HSET', KEYS[1], 'open', 1, 'base', ARGV[1], 'seq', ARGV[1], 'user', 0, 'at', 0)
if ARGV[2] then
  redis.call('HSET', KEYS[1], 'seq', ARGV[2], 'user', ARGV[3], 'at', ARGV[4])
  redis.call('HSET', KEYS[2], ARGV[2], ARGV[5])
  redis.call('PUBLISH', ARGV[6], ARGV[7])
end
return 0
