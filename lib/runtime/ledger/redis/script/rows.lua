-- The rows of one app. They are read first, changed in memory, and written at the end, so that an error leaves
-- everything as it was.

-- KEYS: the meta row, strings (scopes and past reservations), then the leases, the owners' open reservations, and
-- where receipts may be queued or collected, their queue and its sender.
-- ARGV: the run id of the server, whether the store is durable, the number of strings, the operations, and how long
-- others may use another server after this one has taken over, in milliseconds.
local PREFIX = string.sub(KEYS[1], 1, -2)
local META, LEASES = KEYS[1], PREFIX .. "l"
local HOUR_MS, DAY_MS = 3600000, 86400000
local UNUSED_MS = 400 * DAY_MS
local NEVER = 9007199254740991
local LEASE_MS, MARK_MS, CLOCK_MS = 45000, 900000, 2000

local time = redis.call("TIME")
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local operations = cjson.decode(ARGV[4])
local strings = tonumber(ARGV[3])

-- Numbers become text with 14 digits only where they are not formatted.
local function text(number)
  return string.format("%.0f", number)
end

local values = {}
local isDeclared = {}
for index, value in ipairs(redis.call("MGET", unpack(KEYS, 1, strings))) do
  values[KEYS[index]] = value
end
for _, key in ipairs(KEYS) do isDeclared[key] = true end

local meta = values[META] and cmsgpack.unpack(values[META])
local born
local isMetaChanged = false

local function touchMeta()
  meta[3] = math.max(now, meta[3])
  isMetaChanged = true
end

-- Another run id is another memory, which may lack what was acknowledged.
if not meta or (ARGV[2] ~= "1" and meta[1] ~= ARGV[1]) then
  local last = math.max(now, meta and meta[3] or 0)
  -- Where others may still use an old primary for a while, what is issued meanwhile is refused here.
  meta = { ARGV[1], math.max(last + tonumber(ARGV[5]), meta and meta[2] or 0), last }
  isMetaChanged = true
end
born = meta[2]

-- Scopes

local scopes, changedScopes = {}, {}

local function scopeKey(scope)
  return PREFIX .. "s:" .. scope
end

local function isCredentialScope(scope)
  return string.sub(scope, 1, 2) == "t/"
end

-- A counter is {name, settled, reserved, end, until}, that of a rate {name, tat, until}.
local function rowOf(scope)
  local row = scopes[scope]
  if not row then
    local value = values[scopeKey(scope)]
    row = value and cmsgpack.unpack(value) or {}
    scopes[scope] = row
  end
  return row
end

local function expiryOf(counter)
  if #counter == 3 then return counter[3] end
  return counter[3] > 0 and NEVER or counter[5]
end

local function find(scope, name)
  local row = rowOf(scope)
  for index = 1, #row do
    if row[index][1] == name then return row[index] end
  end
end

-- A counter that holds nothing is left out. Those that have expired are left out when the row is written.
local function setCounter(scope, counter)
  local row, name = rowOf(scope), counter[1]
  local isEmpty = #counter == 5 and counter[2] == 0 and counter[3] == 0
  changedScopes[scope] = true
  for index = 1, #row do
    if row[index][1] == name then
      if isEmpty then table.remove(row, index) else row[index] = counter end
      return
    end
  end
  if not isEmpty then row[#row + 1] = counter end
end

-- Reservations that are no longer open: {until} or {until, amounts}

local pasts, changedPasts = {}, {}

local function pastKey(id)
  return PREFIX .. "d:" .. id
end

local function pastOf(id)
  local past = pasts[id]
  if past == nil then
    local value = values[pastKey(id)]
    past = value and cmsgpack.unpack(value) or false
    pasts[id] = past
  end
  return past and past[1] > now and past or nil
end

local function setPast(id, past)
  pasts[id] = past
  changedPasts[id] = true
end

-- Open reservations by owner: amounts are {scope, name, kind, amount, until or 0, end or 0}. A list of them may also hold
-- `receipt`: what the receipt says if the owner ends first.

local owners = {}

local function ownerOf(name)
  local owner = owners[name]
  if not owner then
    local key = PREFIX .. "o:" .. name
    owner = { key = key, open = {}, changed = {}, wanted = {}, count = redis.call("HLEN", key) }
    owner.before = owner.count
    owners[name] = owner
  end
  return owner
end

local function readOpen()
  for _, operation in ipairs(operations) do
    if operation.id then
      local wanted = ownerOf(operation.owner).wanted
      wanted[#wanted + 1] = operation.id
    end
  end
  for _, owner in pairs(owners) do
    if owner.count > 0 and #owner.wanted > 0 then
      local found = redis.call("HMGET", owner.key, unpack(owner.wanted))
      for index, id in ipairs(owner.wanted) do
        owner.open[id] = found[index] and cmsgpack.unpack(found[index]) or nil
      end
    end
  end
end

local function setOpen(owner, id, amounts)
  if owner.open[id] == nil then owner.count = owner.count + 1 end
  owner.open[id] = amounts
  owner.changed[id] = true
end

local function deleteOpen(owner, id)
  if owner.open[id] ~= nil then owner.count = owner.count - 1 end
  owner.open[id] = nil
  owner.changed[id] = true
end

local leases = {}

-- An owner has a lease as long as it has something open.
local function leaseOf(name)
  if ownerOf(name).count == 0 then return nil end
  if leases[name] then return leases[name] end
  return tonumber(redis.call("ZSCORE", LEASES, name) or 0)
end

local function expiredOwners()
  local expired = {}
  local isListed = {}
  for _, name in ipairs(redis.call("ZRANGEBYSCORE", LEASES, "-inf", text(now))) do
    isListed[name] = true
    if not (owners[name] and owners[name].count == 0) and (leases[name] or 0) <= now then
      expired[#expired + 1] = name
    end
  end
  for name, lease in pairs(leases) do
    if not isListed[name] and lease <= now and ownerOf(name).count > 0 then
      expired[#expired + 1] = name
    end
  end
  return expired
end
