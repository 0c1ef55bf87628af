-- Opens an unknown room. KEYS: state, lines, ids.
-- ARGV: the seq before the first line; and, if the first line is given, its seq,
--   the speaker (0: a notice), the time, the stored line, topic, kind, the
--   chat.Line.
-- Returns 0, also for an open room, or -2 (closed room).
local open = redis.call('HGET', KEYS[1], 'open')
if open == '1' then return 0 end
if open then return -2 end
redis.call('HSET', KEYS[1], 'open', 1, 'base', ARGV[1], 'seq', ARGV[1], 'user', 0, 'at', 0)
if ARGV[2] then
  redis.call('HSET', KEYS[1], 'seq', ARGV[2], 'user', ARGV[3], 'at', ARGV[4], 'bytes', #ARGV[5])
  redis.call('HSET', KEYS[2], ARGV[2], ARGV[5])
  publish_event(ARGV[6], ARGV[7], '', 0, ARGV[8])
end
return 0
