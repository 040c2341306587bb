require "json"
require "openssl"

# Signs an access token: a JWT (RFC 7519) with HS256.
#
# @param secret [String] at least 32 bytes
# @param expires [Integer] for how many seconds the token is valid
# @param subject [String] your user, for the gateway's log
# @param to [Array<String>] the targets, such as "POST https://api.openai.com/v1/responses"
def sign_token(id:, secret:, expires:, subject:, to:)
  encode = ->(bytes) { [bytes].pack("m0").tr("+/", "-_").delete("=") }
  now = Time.now.to_i
  claims = { iss: id, iat: now, exp: now + expires, sub: subject, sw: { to: to } }
  signed = [{ alg: "HS256", typ: "JWT" }, claims].map { |part| encode.(JSON.generate(part)) }.join(".")
  "#{signed}.#{encode.(OpenSSL::HMAC.digest("SHA256", secret, signed))}"
end
