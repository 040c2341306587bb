import { tokenWith } from "./jws.ts";
import { RIGHT_COUNTERS, WRONG_COUNTERS } from "./counter_values.ts";
import { RIGHT_POLICIES, WRONG_POLICIES } from "./policy_values.ts";
import type { TokenVector } from "./vectors.ts";

const malformed = (name: string, changes: object): TokenVector => ({
  name,
  token: tokenWith(changes),
  result: "token_malformed",
});

const KEYS = [
  ...["to", "origins", "ips", "seconds"],
  ...Object.keys({ ...RIGHT_POLICIES, ...RIGHT_COUNTERS }),
];
const WRONG_SW = [null, [], "{}", 1, true].map((sw) =>
  malformed(`an sw that is ${JSON.stringify(sw)}`, { sw }),
);

const UNKNOWN = ["To", "targets", "", "constructor", "toString", "x".repeat(1000)].map((key) =>
  malformed(`a key of sw that is not known: ${key.slice(0, 20)}`, {
    sw: { [key]: ["https://a.example/"] },
  }),
);

const MISPLACED = KEYS.map((key) =>
  malformed(`a claim that belongs into sw: ${key}`, { [key]: null }),
);

const WRONG_LISTS = ["to", "origins", "ips"].flatMap((key) =>
  [[], "https://a.example", null, {}, [1], [""], [null]].map((value) =>
    malformed(`the value of ${key} is ${JSON.stringify(value)}`, { sw: { [key]: value } }),
  ),
);

/** Entries of the lists in `sw` that are refused, by the list. */
export const WRONG_ENTRIES: Readonly<Record<string, readonly string[]>> = {
  to: [
    "api.example.com/v1/",
    "//api.example.com/v1/",
    "ftp://api.example.com/",
    "wss://api.example.com/",
    "https:/api.example.com/",
    "https://",
    "HTTPS://api.example.com/",
    "https://api.example.com/v1?",
    "https://api.example.com/v1?a=b",
    "https://api.example.com/v1#a",
    "https://user@api.example.com/",
    "https://user:pass@api.example.com/",
    "https://@api.example.com/",
    "https://*.example.com/",
    "https://b\u00fccher.example/",
    "https://b%C3%BCcher.example/",
    "https://api.example.com:99999/",
    "https://api.example.com/v1/../admin",
    "https://api.example.com/v1/..",
    "https://api.example.com/./v1",
    "https://api.example.com/v1/%2e%2E/admin",
    "https://api.example.com\\v1",
    "https://api.example.com/v1\\x",
    "https://api.example.com/gr\u00fc\u00dfe",
    "https://api.example.com/a b",
    " https://api.example.com/",
    "https://api.example.com/ ",
    "https://api.example.com/\n",
    "post https://api.example.com/",
    "POST  https://api.example.com/",
    "GET, POST https://api.example.com/",
    "GET POST https://api.example.com/",
    "GET, https://api.example.com/",
    "* https://api.example.com/",
    "POST",
    "https://[::1/",
    "https://[::g]/",
  ],
  origins: [
    "null",
    "*",
    "app.example",
    "https://app.example/",
    "https://app.example/path",
    "https://*.app.example",
    "https://App.example",
    "https://user@app.example",
    "https://app.example?",
    "https://b\u00fccher.example",
    " https://app.example",
    "https://a.example https://b.example",
    "https://",
  ],
  ips: [
    "10.0.0",
    "10.0.0.0.0",
    "0x0a.0.0.1",
    "167772161",
    "10.0.0.0/",
    "10.0.0.0/-1",
    "10.0.0.0/8/8",
    "10.0.0.0/255.0.0.0",
    "10.0.0.1-10.0.0.9",
    "fe80::1%eth0",
    "[::1]",
    "localhost",
    "dead",
    "dead.beef",
    " 10.0.0.1",
  ],
};

const ENTRIES = Object.entries(WRONG_ENTRIES).flatMap(([key, entries]) =>
  entries.map((entry) =>
    malformed(`no entry of ${key}: ${JSON.stringify(entry).slice(0, 60)}`, {
      sw: { [key]: [key === "ips" ? "192.0.2.1" : "https://a.example", entry] },
    }),
  ),
);

// The signer would not find these.
const FINE_ENTRIES = [
  malformed("a host of 260 characters", { sw: { to: [`https://${"a".repeat(260)}/`] } }),
  ...[
    "10.0.0.256",
    "010.0.0.1",
    "10.0.0.0/33",
    "10.0.0.0/08",
    "10.0.0.1:80",
    "::1/129",
    ":::",
    "1::2::3",
    "12345::",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8::",
    "::1.2.3",
    "::01.2.3.4",
    "::1:",
    "::f0:",
  ].map((ip) => malformed(`no entry of ips: ${ip}`, { sw: { ips: [ip] } })),
];

const SECONDS = [0, -1, 1.5, "60", null, true, [60], 2 ** 53].map((seconds) =>
  malformed(`seconds that are ${JSON.stringify(seconds)}`, { sw: { seconds } }),
);

const POLICIES = Object.entries(WRONG_POLICIES).flatMap(([key, values]) =>
  values.map((value) => {
    const text = JSON.stringify(value).slice(0, 80);
    return malformed(`${key} that is ${text}`, { sw: { [key]: value } });
  }),
);

const COUNTED = { jti: "1" };

const COUNTERS = Object.entries(WRONG_COUNTERS).flatMap(([key, values]) =>
  values.map((value) =>
    malformed(`${key} that is ${JSON.stringify(value)}`, { ...COUNTED, sw: { [key]: value } }),
  ),
);

const UNCOUNTABLE = Object.keys(RIGHT_COUNTERS)
  .filter((key) => key !== "on_abort")
  .flatMap((key) => {
    const sw = { [key]: RIGHT_COUNTERS[key]![0] };
    return [
      malformed(`${key} without jti`, { sw }),
      malformed(`${key} without iat`, { ...COUNTED, iat: undefined, sw }),
    ];
  });

/** Tokens with a wrong `sw`, or with its keys in a wrong place. */
export const GRANT_VECTORS: readonly TokenVector[] = [
  ...WRONG_SW,
  ...UNKNOWN,
  ...MISPLACED,
  ...WRONG_LISTS,
  ...ENTRIES,
  ...FINE_ENTRIES,
  ...SECONDS,
  ...POLICIES,
  ...COUNTERS,
  ...UNCOUNTABLE,
];
