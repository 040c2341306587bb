require_relative "signway"

# THE EXAMPLE

$stdin.each_line(chomp: true) do |line|
  fields = line.split("\t", -1).map { |field| [field].pack("H*").force_encoding("UTF-8") }
  id, secret, gateway, target, expires, method, seconds, has_body, body, *headers = fields
  puts sign_url(
    target,
    gateway: gateway,
    id: id,
    secret: secret,
    method: method,
    expires: expires.to_i,
    headers: headers.each_slice(2).to_h,
    body: has_body == "yes" ? body : nil,
    now: Time.at(seconds.to_i)
  )
end
