/** Configuration files that are right, wrong in each way, or no configuration at all, by their names. */
export const SAMPLES: Readonly<Record<string, string>> = {
  "contradictions.toml": `http3 = true

[[app]]
id = "a"
secrets = ["a secret of more than 16 bytes"]
upstream = [
  { url = "https://api.example" },
  { url = "https://api.example/", methods = ["GET"] },
  { url = "https://other.example", allow_private = true },
  { url = "https://third.example", methods = ["GET"] },
  { url = "https://third.example", methods = ["GET", "GET"] },
]

[[app]]
id = "a"
secrets = ["a secret of more than 16 bytes"]
upstream = []

[[route]]
path = "/x"
upstream = "https://api.example/?a"
signature = { scheme = "sasigning", secrets = ["s"], timestamp_field = "HTTP_X", fields = ["nothing"], max_age = 1 }

[[route]]
path = "/x"
upstream = "https://user@api.example/"
signature = { scheme = "sasigning", secrets = ["s"], hash = "none", max_age = 1 }
methods = ["TRACE", "get"]
headers = { Host = "x", "Bad Name" = "y", Good = "a\\nb" }
`,

  "empty.toml": `# Nothing at all.
`,

  "everything.toml": `listen = "[::1]:3000"
public_path = "/signway"
admin = "127.0.0.1:13090"
workers = "auto"
max_expires = 3600
clock_skew = 60
max_signed_body = 1048576
connect_timeout = 5
head_timeout = 120
idle_timeout = 120
upload_idle_timeout = 30
max_duration = 3600
max_connections = 2000
drain = 60
sse_heartbeat = 20
at_most_once = true
log_level = "warn"
bytes_monitor = false
explain = true
watch = false

[cors]
allow_origins = ["https://app.example", "null"]
allow_methods = ["GET", "POST"]
allow_headers = ["content-type"]
expose_headers = ["x-request-id"]

[[app]]
id = "web"
secrets = ["a secret of more than 16 bytes", "another of more than 16 bytes"]
max_expires = 900
max_body = 1048576
max_connections = 500

[app.cors]
allow_origins = ["*"]

[[app.upstream]]
url = "https://api.example/v1/"
methods = ["POST", "GET"]
headers = { Authorization = "Bearer x", X-B = "y" }
max_body = 262144
max_connections = 100
head_timeout = 10
idle_timeout = 0
keep_cookies = true
keep_caching = true
provider = "google"
heartbeat = "comment"

[[app.upstream]]
url = "https://api.example/v2"

[[app]]
id = "any"
secrets = ["a third of more than 16 bytes"]

[[app.upstream]]
allow_private = true
headers = { X-Key = "z" }

[[app]]
id = "public"
secrets = ["a fourth of more than 16 bytes"]
upstream = [{}]

[[route]]
path = "/users/"
upstream = "http://127.0.0.1:8000/api"
methods = ["GET", "POST"]
headers = { X-Internal-Key = "k" }
max_body = 65536
max_connections = 50
head_timeout = 10
idle_timeout = 10
keep_cookies = true
keep_caching = true

[route.signature]
scheme = "sasigning"
secrets = ["a fifth of more than 16 bytes"]
fields = ["path", "method", "QUERY_STRING", "body", "HTTP_X_TIMESTAMP"]
delimiter = "|"
hash = "sha512"
headers = ["Signature"]
timestamp_field = "HTTP_X_TIMESTAMP"
max_age = 300

[route.cors]
allow_origins = ["https://app.example"]

[[route]]
path = "/users/public/"
upstream = "http://127.0.0.1:8000"
signature = "none"
`,

  "no_table.json": `[1, 2]
`,

  "references.toml": `upstream_ca = "missing.pem"
tls_cert = "missing.pem"

[[app]]
id = "a \${UNSET} b \${file:missing} \${credential:x} \${credential:a/b} \${"
secrets = ["\${SW_SECRET}", "\${file:small.json}", "$SW_SECRET", "\${}"]
upstream = [{ url = "https://api.example/\${OPENAI_API_KEY}" }]
`,

  "routes.yaml": `listen: ":8080"
route:
  - path: /a
    upstream: https://api.example/
    signature:
      scheme: sasigning
      secrets: ["\${SA_SIGNING_SECRET_KEY}"]
  - path: /
    upstream: http://127.0.0.1:1
    signature: none
`,

  "small.json": `{
  "$schema": "./signway.schema.json",
  "app": [
    { "id": "web", "secrets": ["\${SW_SECRET}"], "upstream": [{ "url": "https://api.example" }] }
  ]
}
`,

  "unparsed.json": `{
  "app": [],
  "app": [}
`,

  "unparsed.toml": `listen = ":3000"
listen = ":3001"
`,

  "unparsed.yaml": `app: &a
  - *a
route: [
`,

  "warnings.toml": `explain = true

[[app]]
id = "short"
secrets = ["short"]
upstream = [{ headers = { Authorization = "x" } }]

[[route]]
path = "/a"
upstream = "https://api.example"
signature = { scheme = "sasigning", secrets = ["short"] }
`,
};
