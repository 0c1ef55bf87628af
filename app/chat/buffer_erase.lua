#!lua flags=allow-oom
-- Replaces a line of an open room by its emptied form and publishes that.
-- KEYS: state, lines, ids.
-- ARGV: the seq, the emptied line, topic, kind, the chat.Erased.
-- Returns 0, or -1 (unknown room), -2 (closed room), -3 (no such line), -4 (the line
-- was spilled).
local state = redis.call('HMGET', KEYS[1], 'open', 'trimmed', 'base')
if not state[1] then return -1 end
if state[1] ~= '1' then return -2 end
local size = redis.call('HSTRLEN', KEYS[2], ARGV[1])
if size == 0 then return tonumber(ARGV[1]) <= tonumber(state[2] or state[3]) and -4 or -3 end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
redis.call('HINCRBY', KEYS[1], 'bytes', #ARGV[2] - size)
redis.call('HINCRBY', KEYS[1], 'erasures', 1)
publish_event(ARGV[3], ARGV[4], '', 0, ARGV[5])
return 0
