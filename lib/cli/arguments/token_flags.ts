import { DEFAULT_EXPIRES } from "../../signing/primitives/defaults.ts";
import type { Flags } from "./flags.ts";
import { DEFAULT_GATEWAY } from "./sign_flags.ts";

/** The clients that `signway token --env` knows. */
export const TOKEN_CLIENTS = ["openai", "anthropic", "google"] as const;

/** One of {@link TOKEN_CLIENTS}. */
export type TokenClient = (typeof TOKEN_CLIENTS)[number];

/** Every option of `signway token`, in the order of the help. */
export const TOKEN_FLAGS = {
  to: {
    group: "Limits of the token",
    value: "'[METHODS ]URL'",
    many: true,
    help: "Allow only this target: a URL, or methods and a URL, such as 'GET,POST https://api.example.com/v1/'. A path that ends in / includes everything below it. Default: everything that the gateway's rules allow.",
  },
  origin: {
    group: "Limits of the token",
    value: "ORIGIN",
    many: true,
    help: "Allow only pages of this origin, such as https://app.example.com. Default: pages of every origin, and programs.",
  },
  ip: {
    group: "Limits of the token",
    value: "ADDRESS",
    many: true,
    help: "Allow only clients with this IPv4 or IPv6 address, or in this CIDR range. Default: all clients.",
  },
  seconds: {
    group: "Limits of the token",
    value: "SECONDS",
    help: "End each exchange after this time. Default: the gateway's limits.",
  },
  model: {
    group: "Limits of the token",
    value: "MODEL",
    many: true,
    help: "Allow only this model. A * at the end stands for letters, digits, ., _ and -. Default: all models.",
  },
  "max-output-tokens": {
    group: "Limits of the token",
    value: "N",
    help: "Give each request at most this number of output tokens. A request for more is lowered to it. Default: no limit.",
  },
  allow: {
    group: "Limits of the token",
    value: "ENTRY",
    many: true,
    help: "Open something that a request to an API of models or an MCP server may otherwise not use, such as tools, images or tools:web_search. With this option, --model or --max-output-tokens, a request may have only what is known to be harmless and what is opened.",
  },
  uses: {
    group: "Limits of the token",
    value: "N",
    help: "Allow this number of requests in all; 1 makes a token for one request. Tries count, also those that fail. Default: no limit.",
  },
  rate: {
    group: "Limits of the token",
    value: "RATE",
    help: "Allow requests at this rate: 10/s, 60/min, 1000/h or 5000/day, alone or with a burst, such as '60/min burst 5'. Default: no limit.",
  },
  concurrent: {
    group: "Limits of the token",
    value: "N",
    help: "Allow this number of open exchanges at once. Default: no limit.",
  },
  bytes: {
    group: "Limits of the token",
    value: "BYTES",
    help: "Allow this number of bytes of responses in all. Default: no limit.",
  },
  tokens: {
    group: "Limits of the token",
    value: "N",
    help: "Allow this number of LLM tokens in all, inputs and outputs together. A request may then have only what is known to be harmless and what is opened. Default: no limit.",
  },
  cost: {
    group: "Limits of the token",
    value: "DOLLARS",
    help: "Allow this cost in all, in US dollars by the gateway's price table, such as 0.05. A request may then have only what is known to be harmless and what is opened. Default: no limit.",
  },
  policy: {
    group: "Limits of the token",
    value: "NAME",
    many: true,
    help: "Also apply this policy, which is a [[policy]] of the gateway's configuration file. Default: only the policies that the app and its upstreams have.",
  },
  claims: {
    group: "Limits of the token",
    value: "FILE",
    help: "Read limits from this JSON file. It has the value of the claim sw: an object with any of its keys, such as system, tools or body. The options above override its keys.",
  },
  expires: {
    group: "Token",
    value: "SECONDS",
    help: `Seconds until the token expires. Default: ${DEFAULT_EXPIRES}.`,
  },
  subject: {
    group: "Token",
    value: "TEXT",
    help: "The end user, which the gateway writes into its log. Default: none.",
  },
  audience: {
    group: "Token",
    value: "TEXT",
    help: "The audience of the gateway or the app, as it is configured. Default: none.",
  },
  id: {
    group: "Signer and gateway",
    value: "ID",
    help: "Sign as this app. Default: SW_ID, or the only app of the configuration file.",
  },
  config: {
    group: "Signer and gateway",
    value: "FILE",
    help: "Take the app's id and its first secret of 32 bytes from the gateway's configuration file. Default: from SW_ID and SW_SECRET.",
  },
  app: {
    group: "Signer and gateway",
    value: "ID",
    help: "With --config, the same as --id.",
  },
  gateway: {
    group: "Signer and gateway",
    value: "URL",
    help: `Public URL of the gateway, for --env and --mcp. Default: the address that it listens on according to the --config file, else ${DEFAULT_GATEWAY}.`,
  },
  env: {
    group: "Output",
    value: "CLIENT",
    choices: TOKEN_CLIENTS,
    help: "Print two export commands for sh, with which the SDKs of this client use the token: openai, anthropic or google. All targets of --to must have the same origin.",
  },
  mcp: {
    group: "Output",
    value: "URL",
    help: "Print a URL for an MCP client that connects to the MCP server at this URL. The URL contains the token. Without --to, the token is only for this server.",
  },
  json: { group: "Output", help: "Print the token, its claims and its end as JSON." },
  help: { group: "Help", help: "Show this help. -h alone does the same." },
} as const satisfies Flags;

/** The name of an option of `signway token`, without its dashes. */
export type TokenFlagName = keyof typeof TOKEN_FLAGS;
