-- Keeps what a gateway tells of a period. A gateway that starts again has another name, so their number is bounded.
local notes, gateway, note, keptMs = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
local most = 256
if redis.call("HLEN", notes) >= most and not redis.call("HGET", notes, gateway) then return 0 end
redis.call("HSET", notes, gateway, note)
redis.call("PEXPIRE", notes, keptMs)
return 1
