-- Counts what a user has not read of a room, as sns.UnreadTally does: from the last line down
-- to the seam, until nothing changes any more.
-- KEYS: state, lines.
-- ARGV: the user, the seq up to which the user has read, how many messages are enough, 1 if
--   a mention must be among them, how many lines are enough.
-- Returns the seam, the seq of the last line, the seq up to which the user has read, the
-- number of messages, the number of mentions, 1 if all were counted, the number of lines, the
-- seq of the last message and its stored line; or {-1} (unknown room).
local call, user, mark, enough, deep, most = redis.call, unpack(ARGV)
user, mark, enough, most = tonumber(user), tonumber(mark), tonumber(enough), tonumber(most)
local state = call('HMGET', KEYS[1], 'seq', 'trimmed', 'base')
if not state[1] then return {-1} end
local newest, seam = tonumber(state[1]), tonumber(state[2] or state[3])
local count, mentions, counted, lines, last, words = 0, 0, false, 0, 0, ''

local function mentioned(people)
  for id in string.gmatch(people or '', '(%S+) %S+') do
    if tonumber(id) == user then return true end
  end
  return false
end

for seq = newest, seam + 1, -1 do
  if counted and last > 0 or lines >= most then break end
  local raw = call('HGET', KEYS[2], string.format('%.0f', seq))
  if not raw then break end
  local line = cjson.decode(raw)
  local said = line.k == 'said' and not line.d
  lines = lines + 1
  if said and last == 0 then last, words = seq, raw end
  if counted then -- the last message is looked for
  elseif seq <= mark then counted = true
  elseif line.u == user and line.k ~= 'lost' then mark, counted = seq, true
  elseif said then
    count = math.min(count + 1, enough)
    if mentioned(line.m) then mentions = mentions + 1 end
    counted = count == enough and (deep ~= '1' or mentions > 0)
  end
end
return {seam, newest, mark, count, mentions, counted and 1 or 0, lines, last, words}
