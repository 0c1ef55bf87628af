#!lua flags=allow-oom
-- Deletes the oldest lines of an open room, which are saved in the database.
-- KEYS: state, lines, ids.
-- ARGV: the seqs of the first and last of these lines, the number of erasures before
--   they were read, the user:client_id of each.
-- Returns 0, or -1 (unknown room), -2 (closed room), -5 (lines were erased or trimmed
-- since).
local state = redis.call('HMGET', KEYS[1], 'open', 'trimmed', 'base', 'erasures', 'bytes')
if not state[1] then return -1 end
if state[1] ~= '1' then return -2 end
local first, last = tonumber(ARGV[1]), tonumber(ARGV[2])
if tonumber(state[2] or state[3]) ~= first - 1 or (state[4] or '0') ~= ARGV[3] then return -5 end
local seqs, ids, bytes = {}, {}, tonumber(state[5] or 0)
for seq = first, last do
  local number = string.format('%.0f', seq)
  bytes = bytes - redis.call('HSTRLEN', KEYS[2], number)
  table.insert(seqs, number)
  table.insert(ids, ARGV[3 + #seqs])
end
redis.call('HDEL', KEYS[2], unpack(seqs))
redis.call('HDEL', KEYS[3], unpack(ids))
-- Lines from before an update of the program are not in bytes.
redis.call('HSET', KEYS[1], 'trimmed', seqs[#seqs], 'bytes', math.max(bytes, 0))
return 0
