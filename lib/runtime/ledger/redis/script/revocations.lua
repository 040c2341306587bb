-- Adds revocations, and returns what has changed. The rules are those of memory_revocations.ts.
local meta, entries, order, ends, processes = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local runId, newEpoch, knownEpoch, since = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local process, puts = ARGV[5], cjson.decode(ARGV[6])
local most, goneMs, hour = 500, 5000, 3600000
-- A clock that is ahead for a while must not bring a credential back.
local kept = 86400000

local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local epoch = redis.call("HGET", meta, "epoch")
local sequence = tonumber(redis.call("HGET", meta, "sequence") or "0")

-- A value is the time of the change, a space, and the revocation without it.
local changes = {}
for _, put in ipairs(puts) do
  local found = redis.call("HGET", entries, put.key)
  local foundAt = found and tonumber(string.match(found, "^%d+")) or 0
  local at, expired = put.at, now - kept
  if at == 0 then at, expired = math.max(now, foundAt + 1), now end
  if put["until"] > expired and at > foundAt then
    changes[#changes + 1] = { put.key, string.format("%.0f %s", at, put.text), put["until"] }
  end
end
local over = #changes > 0 and redis.call("ZRANGEBYSCORE", ends, "-inf", string.format("%.0f", now - kept), "LIMIT", 0, 500) or {}
local asked = redis.call("HGETALL", processes)

if #changes > 0 and not epoch then
  epoch = newEpoch
  redis.call("HSET", meta, "epoch", epoch)
end
for _, key in ipairs(over) do
  redis.call("HDEL", entries, key)
  redis.call("ZREM", order, key)
  redis.call("ZREM", ends, key)
end
for _, change in ipairs(changes) do
  sequence = sequence + 1
  redis.call("HSET", entries, change[1], change[2])
  redis.call("ZADD", order, sequence, change[1])
  redis.call("ZADD", ends, change[3], change[1])
end
if #changes > 0 then
  redis.call("HSET", meta, "sequence", sequence)
  local last = redis.call("ZREVRANGE", ends, 0, 0, "WITHSCORES")
  for _, key in ipairs({ meta, entries, order, ends }) do
    redis.call("PEXPIREAT", key, string.format("%.0f", tonumber(last[2]) + kept + hour))
  end
end

local current = (epoch or "none") .. "." .. runId
local knows = 0
if current == knownEpoch then knows = since end
local known = {}
for index = 1, #asked, 2 do
  local number, at = string.match(asked[index + 1], "^(%d+) (%d+)$")
  if now - tonumber(at) > goneMs then
    redis.call("HDEL", processes, asked[index])
  elseif asked[index] ~= process then
    known[#known + 1] = tonumber(number)
  end
end
if process ~= "" then
  known[#known + 1] = knows
  redis.call("HSET", processes, process, string.format("%.0f %.0f", knows, now))
  redis.call("PEXPIRE", processes, 60000)
end

local found = redis.call("ZRANGEBYSCORE", order, "(" .. string.format("%.0f", knows), "+inf", "WITHSCORES", "LIMIT", 0, most)
local values = {}
local last = sequence
for index = 1, #found, 2 do
  values[#values + 1] = redis.call("HGET", entries, found[index])
  last = tonumber(found[index + 1])
end
local hasMore = #values == most and last < sequence
if not hasMore then last = sequence end
return cjson.encode({
  epoch = current,
  sequence = last,
  hasMore = hasMore,
  values = values,
  processes = known,
})
