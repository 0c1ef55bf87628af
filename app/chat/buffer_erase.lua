-- Replaces a line of an open room by its emptied form and publishes that.
-- KEYS: state, lines, ids.
-- ARGV: the seq, the emptied line, topic, kind, the chat.Erased.
-- Returns 0, or -1 (unknown room), -2 (closed room), -3 (no such line).
local open = redis.call('HGET', KEYS[1], 'open')
if not open then return -1 end
if open ~= '1' then return -2 end
if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 0 then return -3 end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
publish_event(ARGV[3], ARGV[4], '', 0, ARGV[5])
return 0
