-- Appends a line to an open room and publishes it as a chat.Line.
-- KEYS: state, lines, ids.
-- ARGV: user:client_id, the speaker (0: a notice), the time, the stored line,
--   topic, kind, the sns.Message.
-- Returns the seq of the line, or -10 - seq if ARGV[1] was appended before, or
-- -1 (unknown room), -2 (closed room).
local state = redis.call('HMGET', KEYS[1], 'open', 'user', 'at')
if not state[2] then return -1 end -- also for a lost room that was closed
if state[1] ~= '1' then return -2 end
local known = redis.call('HGET', KEYS[3], ARGV[1])
if known then return -10 - tonumber(known) end
local seq = redis.call('HINCRBY', KEYS[1], 'seq', 1)
local number = string.format('%.0f', seq)
redis.call('HSET', KEYS[1], 'user', ARGV[2], 'at', ARGV[3])
redis.call('HSET', KEYS[2], number, ARGV[4])
redis.call('HSET', KEYS[3], ARGV[1], number)
publish_event(ARGV[5], ARGV[6], '', 0, '{"Position":{"Seq":' .. number .. ',"PrevUser":' .. state[2] ..
  ',"PrevAt":' .. state[3] .. '},"Message":' .. ARGV[7] .. '}')
return seq
