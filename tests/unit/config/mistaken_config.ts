/** Stands wherever a secret may stand, and must never be shown. */
export const CANARY = "canary-7f3a9c";

/** The environment that goes with it. */
export const ENVIRONMENT = { CANARY_VARIABLE: CANARY, SW_ID: CANARY, SW_SECRET: CANARY };

/** What can be read beside it. */
export const FILES = { canary: `${CANARY}\n` };

const rule = { url: "https://a.example/" };
const reached = { id: "reached", secrets: [CANARY], upstream: [rule] };
const signature = { scheme: "sasigning", secrets: [CANARY] };
const open = { upstream: rule.url, signature: "none" };
const timestamp = "HTTP_X_TIMESTAMP";
const stamped = { fields: ["path", timestamp], timestamp_field: timestamp };

/** A configuration with a mistake of each kind. */
export const MISTAKEN = {
  listen: "3000",
  public_path: "signway",
  max_expires: -1,
  clock_skew: 1.5,
  max_signed_body: "10 MiB",
  sse_heartbeat: 100_000,
  head_timeout: true,
  workers: 0,
  admin: CANARY,
  tls_cert: "nowhere.pem",
  upstream_ca: "canary",
  log_level: CANARY,
  explain: "yes",
  lisen: CANARY,
  cors: { allow_origins: ["https://a.example/path"], allow_methods: [""], allow_origin: CANARY },
  app: [
    reached,
    { secrets: [], upstream: [] },
    {
      id: "  ",
      secrets: [" ", "${UNSET}", "${file:nowhere}", "${credential:key}", "${CANARY_VARIABLE}"],
      max_expires: CANARY,
      upsteam: [{ url: CANARY }],
    },
    {
      id: "web",
      secrets: CANARY,
      upstream: [
        { url: CANARY },
        { url: `https://user:${CANARY}@a.example/` },
        { url: `https://a.example/?key=${CANARY}` },
        { url: "https://a.example/%2e%2e%2fadmin" },
        { url: "https://b.example/", methods: ["FETCH"], max_body: -1, max_connections: 0 },
        { url: "https://c.example/", methods: [] },
        { url: "https://d.example/", keep_cookies: CANARY, header: { Authorization: CANARY } },
        {
          url: "https://e.example/",
          headers: { Host: CANARY, "X Key": CANARY, "X-Line": `a\n${CANARY}`, "X-Empty": "" },
        },
        { url: "https://f.example/", headers: { "X-Key": CANARY, "x-key": "${file:canary}" } },
        { url: "https://g.example/", headers: { "X-Number": 7 } },
        { url: "https://h.example/", headers: { [`Authorization: Bearer ${CANARY}`]: "" } },
        { url: "https://i.example/", provider: CANARY, heartbeat: "blank" },
      ],
    },
    { ...reached, upstream: [rule, rule] },
  ],
  route: [
    { path: "users", upstream: "ftp://a.example/", signature: CANARY },
    { path: "/a/", upstream: rule.url },
    { path: "/b/", ...open, signature: { ...signature, scheme: CANARY, hash: CANARY } },
    { path: "/c/", ...open, signature: { ...signature, fields: [CANARY], secret: CANARY } },
    { path: "/d/", ...open, signature: { ...signature, ...stamped } },
    { path: "/e/", ...open, signature: { ...signature, max_age: 300 } },
    { path: "/f/", ...open, signature: { ...signature, timestamp_field: timestamp, max_age: 9 } },
    { path: "/g/", ...open },
    { path: "/g/", ...open },
  ],
};

/** What has to be said of it: the place, and a piece of the text. */
export const EXPECTED: readonly (readonly [place: string, text: string])[] = [
  ["listen", "must be HOST:PORT"],
  ["public_path", "must be a path"],
  ["max_expires", "at least 0"],
  ["clock_skew", "a whole number of seconds"],
  ["max_signed_body", "a whole number of bytes"],
  ["sse_heartbeat", "at most 86400"],
  ["head_timeout", "a whole number of seconds"],
  ["workers", "1"],
  ["admin", "must be HOST:PORT"],
  ["tls_cert", "nowhere.pem cannot be read"],
  ["tls_cert", "must be set together"],
  ["upstream_ca", "is not a PEM file"],
  ["log_level", "one of debug, info, warn, error, silent"],
  ["explain", "boolean"],
  ["lisen", "did you mean listen?"],
  ["cors.allow_origins[0]", "without a path"],
  ["cors.allow_methods[0]", "a method"],
  ["cors.allow_origin", "did you mean allow_origins?"],
  ["app[1].id", "missing"],
  ["app[1].secrets", "at least one secret"],
  ["app[1].upstream", "at least one [[app.upstream]]"],
  ["app[2].id", "not blank"],
  ["app[2].secrets[0]", "not blank"],
  ["app[2].secrets[1]", "the environment variable UNSET is not set"],
  ["app[2].secrets[2]", "the file nowhere cannot be read"],
  ["app[2].secrets[3]", "the credential key needs $CREDENTIALS_DIRECTORY"],
  ["app[2].max_expires", "a whole number of seconds"],
  ["app[2].upstream", "missing"],
  ["app[2].upsteam", "did you mean upstream?"],
  ["app[3].secrets", "must be"],
  ["app[3].upstream[0].url", "not an absolute http or https URL"],
  ["app[3].upstream[1].url", "contains credentials"],
  ["app[3].upstream[2].url", "a query or a fragment"],
  ["app[3].upstream[3].url", "dot segment"],
  ["app[3].upstream[4].methods[0]", "one of GET, HEAD, POST"],
  ["app[3].upstream[4].max_body", "at least 0"],
  ["app[3].upstream[4].max_connections", "at least 1"],
  ["app[3].upstream[5].methods", "at least one"],
  ["app[3].upstream[6].keep_cookies", "boolean"],
  ["app[3].upstream[6].header", "did you mean headers?"],
  ["app[3].upstream[7].headers.Host", "is not allowed: the gateway sets it"],
  ["app[3].upstream[7].headers", "must have the form 'Name: value'"],
  ["app[3].upstream[7].headers.X-Line", "characters that no header may have"],
  ["app[3].upstream[7].headers.X-Empty", "an empty value"],
  ["app[3].upstream[8].headers.x-key", "given twice"],
  ["app[3].upstream[9].headers.X-Number", "string"],
  ["app[3].upstream[10].headers", ""],
  ["app[3].upstream[11].provider", "one of openai, azure, anthropic, google"],
  ["app[3].upstream[11].heartbeat", "one of comment, newline"],
  ["app[4].id", "is already the id of app[0]"],
  ["app[4].upstream[1]", "can never match"],
  ["route[0].path", "begins with /"],
  ["route[0].upstream", "not an absolute http or https URL"],
  ["route[0].signature", 'a [route.signature] table, or "none"'],
  ["route[1].signature", "missing"],
  ["route[2].signature.scheme", "sasigning"],
  ["route[2].signature.hash", "one of md5"],
  ["route[3].signature.fields[0]", "one of path, path_info, method"],
  ["route[3].signature.secret", "did you mean secrets?"],
  ["route[4].signature.max_age", "must be set together with timestamp_field"],
  ["route[5].signature.timestamp_field", "must be set together with max_age"],
  ["route[6].signature.timestamp_field", "must be one of fields"],
  ["route[8].path", "is already the path of route[7]"],
];
