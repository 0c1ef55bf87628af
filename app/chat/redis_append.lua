-- Stores a line of an open room and tells it. KEYS: state, lines, ids. ARGV:
-- user:client_id, who said it (0: nobody), when, the line, the channel, and the
-- event before and after its position. Answers its number, or, of a line that
-- was stored before, that number beyond the answers below zero.
local state = redis.call('HMGET', KEYS[1], 'open', 'user', 'at')
if not state[2] then return -1 end -- also when it was closed only after it was lost
if state[1] ~= '1' then return -2 end
local known = redis.call('HGET', KEYS[3], ARGV[1])
if known then return -10 - tonumber(known) end
local seq = redis.call('HINCRBY', KEYS[1], 'seq', 1)
local number = string.format('%.0f', seq)
redis.call('HSET', KEYS[1], 'user', ARGV[2], 'at', ARGV[3])
redis.call('HSET', KEYS[2], number, ARGV[4])
redis.call('HSET', KEYS[3], ARGV[1], number)
redis.call('PUBLISH', ARGV[5], ARGV[6] .. '{"Seq":' .. number .. ',"PrevUser":' .. state[2] .. ',"PrevAt":' .. state[3] .. '}' .. ARGV[7])
return seq
