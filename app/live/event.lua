-- publish_event publishes a live event as Event.Encode encodes it. version is a
-- number or its decimal text; data is JSON, or nil or '' for none. The last three
-- values of ARGV come from EventArgs: the channel, and From and At of the event.
local event_at, event_from, event_channel = table.remove(ARGV), table.remove(ARGV), table.remove(ARGV)
local function publish_event(topic, kind, key, version, data)
  if type(version) == 'number' then version = string.format('%.0f', version) end
  local event = '{"from":' .. cjson.encode(event_from) .. ',"at":' .. event_at ..
    ',"topic":' .. cjson.encode(topic) .. ',"kind":' .. cjson.encode(kind) ..
    ',"key":' .. cjson.encode(key) .. ',"version":' .. version
  if data and data ~= '' then event = event .. ',"data":' .. data end
  redis.call('PUBLISH', event_channel, event .. '}')
end
