-- Takes a try of a network to sign in to a name, as request.Turns does in one process.
-- KEYS: when the bucket of the name is full again; the turns of the waiting networks.
-- ARGV: network, every, burst, most (microseconds), places. Returns the time to wait.
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local network, every, burst, most, places = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])

redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', string.format('%.0f', now - most))
local due = redis.call('ZSCORE', KEYS[2], network)
if due then
  due = tonumber(due)
  if due > now then return due - now end
  redis.call('ZREM', KEYS[2], network)
  return 0
end

local full = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0')) + every
local wait = math.max(0, full - now - burst * every)
if wait <= most then
  redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', string.format('%.0f', math.ceil((full - now) / 1000)))
else
  wait = most
end
if wait > 0 and redis.call('ZCARD', KEYS[2]) < places then
  redis.call('ZADD', KEYS[2], string.format('%.0f', now + wait), network)
  redis.call('PEXPIRE', KEYS[2], string.format('%.0f', math.ceil(2 * most / 1000)))
end
return wait
