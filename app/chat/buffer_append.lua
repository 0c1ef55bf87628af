-- Appends a line to an open room and publishes it as a chat.Line.
-- KEYS: state, lines, ids.
-- ARGV: user:client_id, the speaker (0: a notice), the time, the stored line, the seq up
--   to which the caller knows the spilled lines, how long the line keeps the room busy
--   (microseconds; 0: not limited), the mark of the seats that the caller knows (empty:
--   none), the channel, the event up to its data, the sns.Message.
-- Returns the seq of the line, the number of lines and their bytes; or -10 - seq if
-- ARGV[1] was appended before, or -1 (unknown room), -2 (closed room), -4 (more lines
-- were spilled), -6 (the mark is another one), -1e15 - microseconds to wait (the room is busy).
local call, id, speaker, at, line, spilled, cost, mark, channel, event, message = redis.call, unpack(ARGV)
local state = call('HMGET', KEYS[1], 'open', 'user', 'at', 'seq', 'bytes', 'trimmed', 'busy', 'base', 'exits')
if not state[2] then return {-1} end -- also for a lost room that was closed
if state[1] ~= '1' then return {-2} end
if mark ~= '' and (state[8] or '') .. ':' .. (state[9] or '') ~= mark then return {-6} end
local known = call('HGET', KEYS[3], id)
if known then return {-10 - tonumber(known)} end
local seam = tonumber(state[6] or state[8])
if seam > tonumber(spilled) then return {-4} end

local busy = state[7] or '0'
if cost ~= '0' then
  local time = call('TIME')
  local now = time[1] * 1e6 + time[2]
  local free = math.max(tonumber(busy), now) + tonumber(cost)
  if free > now + 60e6 then return {-1e15 - (free - now - 60e6)} end
  busy = string.format('%.0f', free)
end

local seq, bytes = tonumber(state[4]) + 1, tonumber(state[5] or 0) + #line
local number = string.format('%.0f', seq)
call('HSET', KEYS[1], 'seq', number, 'user', speaker, 'at', at, 'bytes', bytes, 'busy', busy)
call('HSET', KEYS[2], number, line)
call('HSET', KEYS[3], id, number)
call('PUBLISH', channel, event .. '{"Position":{"Seq":' .. number .. ',"PrevUser":' .. state[2] ..
  ',"PrevAt":' .. state[3] .. '},"Message":' .. message .. '}}')
return {seq, seq - seam, bytes}
