-- The end: the operations are executed in their order, and everything is written.

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
  collect = collect,
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

local function writeQueue()
  if queue then
    local added = {}
    for index = math.max(queue.removed - queue.saved, 0) + 1, #queue.added do
      added[#added + 1] = cmsgpack.pack(queue.added[index])
    end
    if queue.removed > 0 then redis.call("LTRIM", QUEUE, text(queue.removed), "-1") end
    if #added > 0 then
      redis.call("RPUSH", QUEUE, unpack(added))
      expire(QUEUE)
    end
  end
  if sender then
    put(SENDER, cmsgpack.pack(sender), now + UNUSED_MS)
  elseif isSenderChanged then
    redis.call("DEL", SENDER)
  end
end

local WRITING = { "SET", "DEL", "HSET", "HDEL", "ZADD", "ZREM", "PEXPIREAT" }
local QUEUEING = { "RPUSH", "LTRIM" }

-- Returns a command that the server does not have, or that the user may not give. Without a key, Valkey 9.1.2 crashes.
local function forbidden(commands)
  for _, command in ipairs(commands) do
    local isKnown, isAllowed = pcall(redis.acl_check_cmd, command, META)
    if not (isKnown and isAllowed) then return command end
  end
end

local function isChanged()
  for _, owner in pairs(owners) do
    if next(owner.changed) then return true end
  end
  return isMetaChanged or next(changedScopes) or next(changedPasts) or isQueueChanged()
end

local function writeAll()
  if isMetaChanged then put(META, cmsgpack.pack(meta), now + UNUSED_MS) end
  for scope in pairs(changedScopes) do writeScope(scope) end
  for id in pairs(changedPasts) do
    local past = pasts[id]
    if past then put(pastKey(id), cmsgpack.pack(past), past[1]) else redis.call("DEL", pastKey(id)) end
  end
  for name, owner in pairs(owners) do writeOwner(name, owner) end
  if isQueueChanged() then writeQueue() end
end

readOpen()
local results = {}
for index, operation in ipairs(operations) do
  local result, needs = handlers[operation.kind](operation)
  -- Nothing is written yet. The caller asks again with these keys, and all operations stay in their order.
  if needs then return cjson.encode({ needs = needs }) end
  results[index] = result
end
-- What was written before a command fails would stay, and be written again by the next try.
local missing = isChanged() and forbidden(WRITING) or isQueueChanged() and forbidden(QUEUEING)
if missing then return redis.error_reply("NOPERM the ledger needs " .. missing) end
writeAll()
return "[" .. table.concat(results, ",") .. "]"
