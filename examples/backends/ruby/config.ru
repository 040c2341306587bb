# POST /token: an access token for a signed-in user. In Rails: mount TokenEndpoint.new => "/token"
require "json"
require "rack"
require_relative "token"

SECRET = ENV.fetch("SW_SECRET", "")
abort "SW_SECRET has to be set" if SECRET.empty?

class TokenEndpoint
  def call(env)
    request = Rack::Request.new(env)
    return respond(405, error: "Use POST.") unless request.post?

    user = find_user(request)
    return respond(401, error: "Sign in first.") unless user

    to = ["POST https://api.openai.com/v1/chat/completions"]
    respond(200, token: sign_token(id: "web", secret: SECRET, expires: 300, subject: user, to: to))
  end

  private

  # Put your own session check here. Until then, the only session is the one in DEMO_SESSION.
  def find_user(request)
    session = request.cookies.fetch("session", "")
    "user-1" if !session.empty? && session == ENV["DEMO_SESSION"]
  end

  def respond(status, body)
    headers = { "content-type" => "application/json", "cache-control" => "no-store" }
    [status, headers, [JSON.generate(body)]]
  end
end

map("/token") { run TokenEndpoint.new }
