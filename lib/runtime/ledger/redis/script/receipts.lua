-- Receipts that wait, the oldest first. The rules are those of algorithm/receipts.ts. A receipt is
-- {id, revision, end, charged as JSON, time, text}.

local MOST_WAITING, COLLECTED_AT_ONCE = 10000, 100
local WAITING_MS, SENDER_MS = DAY_MS, 30000
local QUEUE, SENDER = PREFIX .. "q", PREFIX .. "c"

-- What is in the server, what this turn has removed of it and of what it has added, and what it has added.
local queue

local function readQueue()
  if not queue then queue = { saved = redis.call("LLEN", QUEUE), removed = 0, added = {}, read = {} } end
  return queue
end

local function waiting()
  return queue.saved + #queue.added - queue.removed
end

-- Returns up to `count` of the oldest.
local function oldest(count)
  local found = {}
  local saved = math.min(count, queue.saved - queue.removed)
  if saved > 0 then
    local listed = redis.call("LRANGE", QUEUE, queue.removed, queue.removed + saved - 1)
    for _, value in ipairs(listed) do found[#found + 1] = cmsgpack.unpack(value) end
  end
  local start = math.max(queue.removed - queue.saved, 0)
  for index = start + 1, math.min(#queue.added, start + count - #found) do
    found[#found + 1] = queue.added[index]
  end
  return found
end

-- The sender is {name, until, dropped}.
local sender, isSenderChanged

local function senderOf()
  if sender == nil then
    local value = redis.call("GET", SENDER)
    sender = value and cmsgpack.unpack(value) or false
  end
  return sender
end

local function setSender(changed)
  sender, isSenderChanged = changed, true
end

local function drop(count)
  queue.removed = queue.removed + count
  local known = senderOf() or { "", 0, 0 }
  setSender({ known[1], known[2], known[3] + count })
end

-- Amounts hold what their receipt says, if there is one.
local function queueReceipt(amounts, id, revision, ending, charged, said)
  if not amounts.receipt then return end
  readQueue()
  queue.added[#queue.added + 1] = { id, revision, ending, charged, now, said or amounts.receipt }
  if waiting() > MOST_WAITING then drop(1) end
end

local function countWhile(list, isWanted)
  for index, receipt in ipairs(list) do
    if not isWanted(receipt) then return index - 1 end
  end
  return #list
end

local function collect(operation)
  readQueue()
  local isDelivered = {}
  for _, key in ipairs(operation.delivered) do isDelivered[key] = true end
  if next(isDelivered) then
    queue.removed = queue.removed + countWhile(oldest(COLLECTED_AT_ONCE), function(receipt)
      return isDelivered[receipt[1] .. "/" .. text(receipt[2])]
    end)
  end
  local name, known = operation.sender, senderOf()
  -- A time that is far away was set before the clock was put back.
  if known and known[1] ~= name and known[2] > now and known[2] <= now + 2 * SENDER_MS then
    return '{"receipts":[],"waiting":' .. text(waiting()) .. ',"dropped":0}'
  end
  local old
  repeat
    old = countWhile(oldest(COLLECTED_AT_ONCE), function(receipt)
      return receipt[5] <= now - WAITING_MS
    end)
    if old > 0 then drop(old) end
  until old < COLLECTED_AT_ONCE
  local dropped = senderOf() and senderOf()[3] or 0
  local sends = waiting() > 0 and not operation.isLast
  if sends then
    setSender({ name, now + SENDER_MS, 0 })
  elseif senderOf() then
    setSender(false)
  end
  local list = {}
  for _, receipt in ipairs(sends and oldest(COLLECTED_AT_ONCE) or {}) do
    list[#list + 1] = '{"id":' .. cjson.encode(receipt[1])
      .. ',"revision":' .. text(receipt[2])
      .. ',"end":"' .. receipt[3]
      .. '","charged":' .. receipt[4]
      .. ',"at":' .. text(receipt[5])
      .. ',"text":' .. cjson.encode(receipt[6]) .. "}"
  end
  return '{"receipts":[' .. table.concat(list, ",") .. '],"waiting":' .. text(waiting()) .. ',"dropped":' .. text(dropped) .. "}"
end

local function isQueueChanged()
  return isSenderChanged or (queue and (queue.removed > 0 or #queue.added > 0))
end
