-- Leases: they are renewed, and what owners without one have open is charged.

local SWEPT_AT_ONCE = 100

local function beat(operation)
  if leaseOf(operation.owner) then leases[operation.owner] = now + LEASE_MS end
  touchMeta()
  return '{"expired":' .. (cjson.encode(expiredOwners()):gsub("^{}$", "[]")) .. "}"
end

-- What is charged stays known for an hour.
local function chargeWhole(owner, id, open)
  local charged = {}
  for _, held in ipairs(open) do
    local isPlace = held[3] == "concurrent"
    local ends = changeAmount(held, isPlace and 0 or held[4], -held[4])
    if not isPlace then
      charged[#charged + 1] = { held[1], held[2], held[3], held[4], held[5], ends }
    end
  end
  charged.receipt = open.receipt
  deleteOpen(owner, id)
  setPast(id, { now + HOUR_MS, charged })
  queueReceipt(open, id, 1, "swept", chargedFor(open, {}))
end

-- Adds what a reservation needs declared. Returns whether all of it is.
local function declare(needs, id, amounts)
  local isComplete = isDeclared[pastKey(id)] == true
  if not isComplete then needs.ids[#needs.ids + 1] = id end
  for _, held in ipairs(amounts) do
    if not isDeclared[scopeKey(held[1])] then
      isComplete = false
      needs.scopes[#needs.scopes + 1] = held[1]
    end
  end
  return isComplete
end

-- What this turn has changed counts.
local function addOpen(owner, id, value)
  if value and owner.open[id] == nil and not owner.changed[id] then owner.open[id] = cmsgpack.unpack(value) end
end

-- Reads what an owner has open: all of it, or a part that is the same when the caller asks again with its keys.
local function readSome(owner)
  local start, ids = pastKey(""), {}
  for index = 2, strings do
    local key = KEYS[index]
    if string.sub(key, 1, #start) == start then ids[#ids + 1] = string.sub(key, #start + 1) end
  end
  local declared = #ids > 0 and redis.call("HMGET", owner.key, unpack(ids)) or {}
  for index, id in ipairs(ids) do addOpen(owner, id, declared[index]) end
  if owner.before > SWEPT_AT_ONCE and next(owner.open) then return end
  local listed = redis.call("HRANDFIELD", owner.key, SWEPT_AT_ONCE, "WITHVALUES")
  for index = 1, #listed, 2 do addOpen(owner, listed[index], listed[index + 1]) end
end

local function sweep(operation)
  local name, owner = operation.owner, ownerOf(operation.owner)
  local lease = leaseOf(name)
  if not lease or (not operation.isDead and lease > now) then return '{"count":0,"hasMore":false}' end
  readSome(owner)
  local needs, found, isComplete = { ids = {}, scopes = {} }, {}, true
  for id, open in pairs(owner.open) do
    if #found < SWEPT_AT_ONCE then
      isComplete = declare(needs, id, open) and isComplete
      found[#found + 1] = id
    end
  end
  if not isComplete then return nil, needs end
  for _, id in ipairs(found) do chargeWhole(owner, id, owner.open[id]) end
  return '{"count":' .. text(#found) .. ',"hasMore":' .. tostring(owner.count > 0) .. "}"
end
