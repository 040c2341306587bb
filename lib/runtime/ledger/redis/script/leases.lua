-- Leases, what reads, and the end: everything is written.

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
  deleteOpen(owner, id)
  setPast(id, { now + HOUR_MS, charged })
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

local function sweep(operation)
  local name, owner = operation.owner, ownerOf(operation.owner)
  local lease = leaseOf(name)
  if not lease or (not operation.isDead and lease > now) then return '{"count":0,"hasMore":false}' end
  local needs, found = { ids = {}, scopes = {} }, {}
  local listed = redis.call("HRANDFIELD", owner.key, 100, "WITHVALUES")
  for index = 1, #listed, 2 do
    local id = listed[index]
    -- What this turn has changed counts.
    if owner.open[id] == nil and not owner.changed[id] then
      owner.open[id] = cmsgpack.unpack(listed[index + 1])
    end
  end
  local isComplete = true
  for id, open in pairs(owner.open) do
    if #found < 100 then
      isComplete = declare(needs, id, open) and isComplete
      found[#found + 1] = id
    end
  end
  if not isComplete then return nil, needs end
  for _, id in ipairs(found) do chargeWhole(owner, id, owner.open[id]) end
  return '{"count":' .. text(#found) .. ',"hasMore":' .. tostring(owner.count > 0) .. "}"
end

local function reading(scope, stored)
  local name = stored[1]
  if #stored == 3 then
    return '{"name":"' .. name .. '","fullAt":' .. text(math.ceil(stored[2] / 1000)) .. "}"
  end
  local counter = amountCounter(scope, name)
  local ends = counter[4] > 0 and ',"endsAt":' .. text(counter[4]) or ""
  return '{"name":"' .. name .. '","settled":' .. text(counter[2]) .. ',"reserved":' .. text(counter[3]) .. ends .. "}"
end

local function read(operation)
  local lists = {}
  for index, scope in ipairs(operation.scopes) do
    local readings = {}
    for _, counter in ipairs(rowOf(scope)) do
      if expiryOf(counter) > now then readings[#readings + 1] = counter end
    end
    table.sort(readings, function(a, b) return a[1] < b[1] end)
    for at, counter in ipairs(readings) do readings[at] = reading(scope, counter) end
    lists[index] = "[" .. table.concat(readings, ",") .. "]"
  end
  return "[" .. table.concat(lists, ",") .. "]"
end

local function reset(operation)
  local count = 0
  for _, scope in ipairs(operation.scopes) do
    local used = {}
    for _, stored in ipairs(rowOf(scope)) do
      local counter = #stored == 5 and amountCounter(scope, stored[1])
      if counter and counter[2] ~= 0 then used[#used + 1] = counter end
    end
    for _, counter in ipairs(used) do
      counter[2] = 0
      setCounter(scope, counter)
    end
    count = count + #used
  end
  return '{"count":' .. text(count) .. "}"
end

-- Returns what the reservation of an operation needs declared; nil when all of it is.
local function undeclared(operation)
  local amounts = ownerOf(operation.owner).open[operation.id]
  local past = not amounts and pastOf(operation.id)
  local needs = { ids = {}, scopes = {} }
  return not declare(needs, operation.id, amounts or past and past[2] or {}) and needs or nil
end

local function ifDeclared(handler)
  return function(operation)
    local needs = undeclared(operation)
    if needs then return nil, needs end
    return handler(operation)
  end
end

local function enter()
  touchMeta()
  return '{"born":' .. text(born) .. "}"
end

local handlers = {
  reserve = reserve,
  draw = draw,
  beat = beat,
  sweep = sweep,
  read = read,
  reset = reset,
  enter = enter,
  settle = ifDeclared(settle),
  release = ifDeclared(release),
}

-- A key and its expiry are written by one command.
local function put(key, value, expiry)
  redis.call("SET", key, value, "PXAT", text(expiry))
end

local function expire(key)
  redis.call("PEXPIREAT", key, text(now + UNUSED_MS))
end

local function writeScope(scope)
  local row, last = {}, 0
  for _, counter in ipairs(scopes[scope]) do
    local expiry = expiryOf(counter)
    if expiry > now then row[#row + 1] = counter end
    -- However long an exchange lasts, its counter must not be forgotten.
    last = math.max(last, expiry == NEVER and math.max(now + UNUSED_MS, counter[5]) or expiry)
  end
  if #row == 0 then return redis.call("DEL", scopeKey(scope)) end
  put(scopeKey(scope), cmsgpack.pack(row), last)
end

local function writeOwner(name, owner)
  local set, deleted = {}, {}
  for id in pairs(owner.changed) do
    local open = owner.open[id]
    if open then
      set[#set + 1] = id
      set[#set + 1] = cmsgpack.pack(open)
    else
      deleted[#deleted + 1] = id
    end
  end
  if #set > 0 then redis.call("HSET", owner.key, unpack(set)) end
  if #deleted > 0 then redis.call("HDEL", owner.key, unpack(deleted)) end
  if owner.count == 0 then
    if owner.before > 0 then redis.call("ZREM", LEASES, name) end
  elseif leases[name] then
    expire(owner.key)
    redis.call("ZADD", LEASES, text(leases[name]), name)
    expire(LEASES)
  end
end

local function writeAll()
  if isMetaChanged then put(META, cmsgpack.pack(meta), now + UNUSED_MS) end
  for scope in pairs(changedScopes) do writeScope(scope) end
  for id in pairs(changedPasts) do
    local past = pasts[id]
    if past then put(pastKey(id), cmsgpack.pack(past), past[1]) else redis.call("DEL", pastKey(id)) end
  end
  for name, owner in pairs(owners) do writeOwner(name, owner) end
end

readOpen()
local results = {}
for index, operation in ipairs(operations) do
  local result, needs = handlers[operation.kind](operation)
  -- Nothing is written yet. The caller asks again with these keys, and all operations stay in their order.
  if needs then return cjson.encode({ needs = needs }) end
  results[index] = result
end
writeAll()
return "[" .. table.concat(results, ",") .. "]"
