require_relative "signway"
require_relative "token"

# THE EXAMPLE

$stdin.each_line(chomp: true) do |line|
  fields = line.split("\t", -1).map { |field| [field].pack("H*").force_encoding("UTF-8") }
  if fields.length == 5
    id, secret, expires, subject, to = fields
    puts sign_token(id: id, secret: secret, expires: expires.to_i, subject: subject, to: to.lines(chomp: true))
    next
  end
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
