-- What counters show, and their reset.

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
