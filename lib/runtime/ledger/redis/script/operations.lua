-- The operations. Each returns its result as JSON text.

local OPEN, SWEPT, UNKNOWN = "open", "swept", "unknown"

local function refused(code, waitMs, expired)
  local result = '{"kind":"refused","code":"' .. code .. '"'
  if waitMs and waitMs ~= NEVER then result = result .. ',"waitMs":' .. text(waitMs) end
  if expired and #expired > 0 then result = result .. ',"expired":' .. cjson.encode(expired) end
  return result .. "}"
end

local function refuseCredential(times)
  if not times then return nil end
  if times[1] <= born + CLOCK_MS then return "token_predates_ledger" end
  if times[1] > now + CLOCK_MS then return "token_not_yet_valid" end
  if times[2] <= now then return "token_expired" end
end

-- A refused request takes nothing. Its counters learn its time and its expiry.
local function refusal(plans, code, waitMs, keep)
  for _, plan in ipairs(plans) do
    local scope, counter = plan.demand[2], plan.counter
    if plan.isRate then
      if plan.clamped then setRate(plan, plan.clamped) end
    elseif isCredentialScope(scope) and counter[5] < keep then
      counter[5] = keep
      setCounter(scope, counter)
    end
  end
  if code ~= "budget_reserved" and code ~= "too_many_concurrent" then return refused(code, waitMs) end
  return refused(code, waitMs, expiredOwners())
end

local function take(operation, plans, granted, bytes, keep)
  local amounts, left = {}, {}
  for index, plan in ipairs(plans) do
    if plan.isRate then
      setRate(plan, plan.tat)
      left[index] = text(plan.left)
    else
      local amount = amountOf(plan.demand, granted or 0, bytes or 0)
      amounts[#amounts + 1] = takeAmount(plan, amount, keep)
      left[index] = text(plan.free - amount)
    end
  end
  amounts.receipt = operation.receipt
  local name = operation.owner
  local owner = ownerOf(name)
  if owner.count == 0 then leases[name] = now + LEASE_MS end
  setOpen(owner, operation.id, amounts)
  local result = '{"kind":"reserved","left":[' .. table.concat(left, ",") .. "]"
  if granted then result = result .. ',"granted":' .. text(granted) end
  if bytes then result = result .. ',"bytes":' .. text(bytes) end
  return result .. "}"
end

local function reserve(operation)
  local times, elastic = operation.times, operation.elastic
  local predates = refuseCredential(times)
  if predates then return refused(predates) end
  if pastOf(operation.id) or ownerOf(operation.owner).open[operation.id] then return refused("void") end
  local plans, worst, worstWait = {}, nil, -1
  for index, demand in ipairs(operation.demands) do
    local plan = demand[1] == "rate" and planRate(demand) or planAmount(demand)
    plans[index] = plan
    local code, waitMs = refuse(plan, elastic and elastic[1] or 0)
    if code and waitMs > worstWait then worst, worstWait = code, waitMs end
  end
  local keep = times and times[2] + HOUR_MS or 0
  if worst then return refusal(plans, worst, worstWait, keep) end
  local granted = elastic and grant(plans, elastic[1], elastic[2], elastic[3])
  return take(operation, plans, granted, blockOf(plans), keep)
end

local function isReport(value)
  return type(value) == "number" and value >= 0 and value <= NEVER and value % 1 == 0
end

local function chargeOf(held, report)
  local kind, amount = held[3], held[4]
  if kind == "concurrent" then return 0 end
  if kind == "uses" then return amount end
  return isReport(report[kind]) and report[kind] or amount
end

-- What is charged in all for each kind of amount, at most over all scopes, as JSON.
local function chargedFor(amounts, report)
  local most, fields = {}, {}
  for _, held in ipairs(amounts) do
    local kind = held[3]
    if kind ~= "uses" and kind ~= "concurrent" then
      most[kind] = math.max(most[kind] or 0, chargeOf(held, report))
    end
  end
  for kind, charge in pairs(most) do fields[#fields + 1] = '"' .. kind .. '":' .. text(charge) end
  return "{" .. table.concat(fields, ",") .. "}"
end

local function closed(was, amounts, report)
  local excess = {}
  for _, held in ipairs(report and amounts or {}) do
    local over = chargeOf(held, report) - held[4]
    local isReported = held[3] ~= "uses" and held[3] ~= "concurrent"
    if isReported and over > (excess[held[3]] or 0) then excess[held[3]] = over end
  end
  local fields = {}
  for kind, over in pairs(excess) do fields[#fields + 1] = '"' .. kind .. '":' .. text(over) end
  if #fields == 0 then return '{"was":"' .. was .. '"}' end
  return '{"was":"' .. was .. '","overrun":{' .. table.concat(fields, ",") .. "}}"
end

-- Charges a swept reservation by another amount. A counter that is forgotten, and one with its name, are two.
local function correct(held, charge)
  if held[5] ~= 0 and held[5] <= now then return end
  changeAmount(held, charge - held[4], 0, held[6])
end

local function settle(operation)
  local id, report, owner = operation.id, operation.report, ownerOf(operation.owner)
  local open = owner.open[id]
  if open then
    for _, held in ipairs(open) do changeAmount(held, chargeOf(held, report), -held[4]) end
    deleteOpen(owner, id)
    queueReceipt(open, id, 1, "settled", chargedFor(open, report), operation.receipt)
    return closed(OPEN, open, report)
  end
  local past = pastOf(id)
  if not (past and past[2]) then return closed(UNKNOWN) end
  for _, held in ipairs(past[2]) do correct(held, chargeOf(held, report)) end
  setPast(id, false)
  queueReceipt(past[2], id, 2, "settled", chargedFor(past[2], report), operation.receipt)
  return closed(SWEPT, past[2], report)
end

local function release(operation)
  local id, owner = operation.id, ownerOf(operation.owner)
  local open = owner.open[id]
  if open then
    for _, held in ipairs(open) do changeAmount(held, 0, -held[4]) end
    deleteOpen(owner, id)
    queueReceipt(open, id, 1, "released", "{}", operation.receipt)
    return closed(OPEN)
  end
  local past = pastOf(id)
  local charged = past and past[2]
  for _, held in ipairs(charged or {}) do correct(held, 0) end
  if charged then queueReceipt(charged, id, 2, "released", "{}", operation.receipt) end
  setPast(id, { now + MARK_MS })
  return closed(charged and SWEPT or UNKNOWN)
end

local function draw(operation)
  local owner = ownerOf(operation.owner)
  local open = owner.open[operation.id]
  if not open then return '{"bytes":0,"left":0,"isOpen":false}' end
  local plans, least = {}, math.huge
  for index, demand in ipairs(operation.demands) do
    plans[index] = planAmount(demand)
    least = math.min(least, plans[index].free)
  end
  local bytes = blockOf(plans) or 0
  local left = math.max(0, least - bytes)
  if bytes > 0 then
    local grown = {}
    for index, held in ipairs(open) do
      grown[index] = held
      for _, plan in ipairs(plans) do
        if held[3] == "bytes" and held[1] == plan.demand[2] then
          local taken = takeAmount(plan, bytes, held[5])
          taken[4] = held[4] + bytes
          grown[index] = taken
        end
      end
    end
    grown.receipt = open.receipt
    setOpen(owner, operation.id, grown)
  end
  return '{"bytes":' .. text(bytes) .. ',"left":' .. (left == math.huge and "null" or text(left)) .. ',"isOpen":true}'
end
