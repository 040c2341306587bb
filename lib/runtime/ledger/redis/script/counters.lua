-- Counters of amounts and rates. Everything here follows lib/gateway/ledger/algorithm.

local MAX_AMOUNT = 9000000000000000
local MIN_BLOCK, MAX_BLOCK, USUAL_OUTPUT = 4096, 1048576, 4096

-- The first day of the next month, by the days since the epoch (Howard Hinnant, days_from_civil).
local function nextMonth(days)
  local shifted = days + 719468
  local era = math.floor(shifted / 146097)
  local ofEra = shifted - era * 146097
  local yearOfEra = math.floor(
    (ofEra - math.floor(ofEra / 1460) + math.floor(ofEra / 36524) - math.floor(ofEra / 146096)) / 365
  )
  local ofYear = ofEra
    - (365 * yearOfEra + math.floor(yearOfEra / 4) - math.floor(yearOfEra / 100))
  -- Months are counted from March.
  local month = math.floor((5 * ofYear + 2) / 153)
  local day = ofYear - math.floor((153 * month + 2) / 5)
  local isFebruary = month == 11
  if not isFebruary then
    return days - day + math.floor((153 * (month + 1) + 2) / 5) - math.floor((153 * month + 2) / 5)
  end
  local year = yearOfEra + era * 400 + 1
  local isLeap = year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0)
  return days - day + (isLeap and 29 or 28)
end

local function periodEnd(name)
  local days = math.floor(now / DAY_MS)
  if string.sub(name, -4) == "/day" then return (days + 1) * DAY_MS end
  if string.sub(name, -6) == "/month" then return nextMonth(days) * DAY_MS end
  return 0
end

local function keptUntil(ends)
  return ends == 0 and now + UNUSED_MS or ends + HOUR_MS
end

-- Returns a counter with the past period ended: what is settled becomes 0, what is reserved stays.
local function amountCounter(scope, name)
  local counter = find(scope, name)
  if not counter then return { name, 0, 0, periodEnd(name), 0 } end
  if expiryOf(counter) <= now then return { name, 0, 0, periodEnd(name), 0 } end
  if counter[4] == 0 or counter[4] > now then return counter end
  return { name, 0, counter[3], periodEnd(name), counter[5] }
end

-- Changes what is settled, in the period with that end alone if there is one, and what is reserved.
local function changeAmount(held, settled, reserved, inPeriod)
  local scope, name = held[1], held[2]
  local counter = amountCounter(scope, name)
  local ends = counter[4]
  local sum = counter[2] + ((inPeriod == nil or inPeriod == ends) and settled or 0)
  counter[2] = math.min(math.max(sum, 0), MAX_AMOUNT)
  counter[3] = counter[3] + reserved
  counter[5] = isCredentialScope(scope) and math.max(counter[5], held[5]) or keptUntil(ends)
  setCounter(scope, counter)
  return ends
end

-- A demand is {kind, scope, name, limit, fixed, unit}, that of a rate {"rate", scope, name, interval, burst}.
local function planAmount(demand)
  local counter = amountCounter(demand[2], demand[3])
  return { demand = demand, counter = counter, free = demand[4] - counter[2] - counter[3] }
end

local function planRate(demand)
  local scope, name, interval, burst = demand[2], demand[3], demand[4], demand[5]
  local span, nowUs = burst * interval, now * 1000
  local found = find(scope, name)
  local stored = found and expiryOf(found) > now and found[2] or 0
  local latest = nowUs + span
  local tat = math.min(math.max(stored, nowUs), latest) + interval
  local room = latest - tat
  return {
    demand = demand,
    isRate = true,
    tat = tat,
    clamped = stored > latest and latest or nil,
    waitMs = room < 0 and math.ceil(-room / 1000) or 0,
    left = room < 0 and 0 or math.floor(room / interval),
  }
end

local function setRate(plan, tat)
  setCounter(plan.demand[2], { plan.demand[3], tat, math.ceil(tat / 1000) + HOUR_MS })
end

local function amountOf(demand, granted, bytes)
  if demand[1] == "bytes" then return bytes end
  if demand[5] then return demand[5] + demand[6] * granted end
  return 1
end

-- Returns why a demand cannot be met, and the time to wait; nil when it can.
local function refuse(plan, least)
  if plan.isRate then
    if plan.waitMs > 0 then return "rate_limited", plan.waitMs end
    return nil
  end
  local demand = plan.demand
  local need = amountOf(demand, least, 1)
  if plan.free >= need then return nil end
  local kind = demand[1]
  if kind == "concurrent" then return "too_many_concurrent", 1000 end
  if kind == "uses" or demand[4] - plan.counter[2] < need then return kind .. "_exhausted", NEVER end
  return "budget_reserved", 1000
end

local function grant(plans, least, most, isAsked)
  local room = math.huge
  for _, plan in ipairs(plans) do
    local unit = not plan.isRate and plan.demand[6]
    if unit and unit > 0 then
      room = math.min(room, math.floor((plan.free - plan.demand[5]) / unit))
    end
  end
  local share = room
  if not isAsked then share = math.max(math.floor(room / 2), math.min(USUAL_OUTPUT, room)) end
  return math.max(least, math.min(most, share))
end

local function blockOf(plans)
  local free
  for _, plan in ipairs(plans) do
    if plan.demand[1] == "bytes" then free = math.min(free or math.huge, math.max(plan.free, 0)) end
  end
  if not free then return nil end
  return math.min(free, math.max(MIN_BLOCK, math.min(MAX_BLOCK, math.floor(free / 8))))
end

-- Takes an amount from a counter, and returns it as the open reservation holds it.
local function takeAmount(plan, amount, keep)
  local demand, counter = plan.demand, plan.counter
  local scope, name = demand[2], demand[3]
  local isByCredential = isCredentialScope(scope)
  local ends = counter[4]
  local kept = isByCredential and math.max(counter[5], keep) or keptUntil(ends)
  counter[3] = counter[3] + amount
  counter[5] = kept
  setCounter(scope, counter)
  return { scope, name, demand[1], amount, isByCredential and kept or 0, 0 }
end
