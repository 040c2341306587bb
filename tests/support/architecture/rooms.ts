/** Which other files the files of a room may import. */
export interface Room {
  /** A folder, or a file that is a room by itself. The longest one that holds a file counts. */
  room: string;
  /** Files and folders, beside the room itself. */
  mayImport: readonly string[];
}

const inSigning = (...rooms: string[]) => rooms.map((room) => `lib/signing/${room}`);
const SIGNING_ENTRIES = inSigning("mod.ts", "verify.ts", "explain.ts", "signed_fetch.ts");
const inGateway = (...rooms: string[]) => rooms.map((room) => `lib/gateway/${room}`);
const inRuntime = (...rooms: string[]) => rooms.map((room) => `lib/runtime/${room}`);
const inCli = (...rooms: string[]) => rooms.map((room) => `lib/cli/${room}`);

// Arrows point one way: cli -> runtime -> config -> gateway -> signing.
const BELOW_CONFIG = ["lib/gateway", "lib/signing"];
const BELOW_RUNTIME = ["lib/runtime/http", "lib/config", ...BELOW_CONFIG];
const BELOW_CLI = ["lib/runtime", ...BELOW_RUNTIME, "package.json"];

// What admission, policy, ledger and delivery stand on.
const STEP = [
  ...inGateway("body", "time", "problem", "providers", "model", "inbound.ts", "defaults.ts"),
  "lib/signing",
];

/**
 * The layout of the house: a room for everything, and where its doors lead. A file of code that no row
 * holds is in no room.
 */
export const ROOMS: readonly Room[] = [
  { room: "server.ts", mayImport: ["lib/cli/start.ts"] },
  {
    room: "lib/mod.ts",
    mayImport: [
      ...inRuntime("create_gateway.ts", "gateway_options.ts"),
      "lib/gateway",
      ...SIGNING_ENTRIES,
    ],
  },
  { room: "lib/web", mayImport: SIGNING_ENTRIES },

  { room: "lib/cli/start.ts", mayImport: [...inCli("main.ts", "arguments"), ...BELOW_CLI] },
  {
    room: "lib/cli/main.ts",
    mayImport: [...inCli("run_command.ts", "commands", "arguments", "support"), ...BELOW_CLI],
  },
  {
    room: "lib/cli/run_command.ts",
    mayImport: [...inCli("commands", "arguments", "support"), ...BELOW_CLI],
  },
  { room: "lib/cli/commands", mayImport: [...inCli("arguments", "support"), ...BELOW_CLI] },
  { room: "lib/cli/support", mayImport: [...inCli("arguments"), ...BELOW_CLI] },
  { room: "lib/cli/arguments", mayImport: BELOW_CLI },

  {
    room: "lib/runtime/reload.ts",
    mayImport: [...inRuntime("listen.ts", "observe", "process"), ...BELOW_RUNTIME],
  },
  {
    room: "lib/runtime/listen.ts",
    mayImport: [
      ...inRuntime("configured.ts", "clients", "observe", "process_ledger.ts"),
      ...BELOW_RUNTIME,
    ],
  },
  {
    room: "lib/runtime/process_ledger.ts",
    mayImport: [...inRuntime("configured.ts", "observe", "receipts"), ...BELOW_RUNTIME],
  },
  {
    room: "lib/runtime/configured.ts",
    mayImport: [
      ...inRuntime("create_gateway.ts", "crypto", "upstream", "ledger", "credentials", "observe"),
      ...inRuntime("fetched_sources.ts", "gateway_options.ts", "key_sets.ts"),
      ...BELOW_RUNTIME,
    ],
  },
  {
    room: "lib/runtime/fetched_sources.ts",
    mayImport: [
      ...inRuntime("credentials", "key_sets.ts", "observe", "upstream"),
      ...BELOW_RUNTIME,
    ],
  },
  {
    room: "lib/runtime/try_request.ts",
    mayImport: [...inRuntime("configured.ts", "observe"), ...BELOW_RUNTIME],
  },
  {
    room: "lib/runtime/open_ledger.ts",
    mayImport: [...inRuntime("ledger", "observe"), ...BELOW_RUNTIME],
  },
  { room: "lib/runtime/key_sets.ts", mayImport: [...inRuntime("upstream"), ...BELOW_RUNTIME] },
  {
    room: "lib/runtime/create_gateway.ts",
    mayImport: [
      ...inRuntime("gateway_options.ts", "crypto", "upstream", "ledger", "credentials"),
      ...BELOW_CONFIG,
    ],
  },
  { room: "lib/runtime/gateway_options.ts", mayImport: BELOW_CONFIG },
  {
    room: "lib/runtime/process",
    mayImport: [...inRuntime("admin", "observe", "listen.ts"), ...BELOW_RUNTIME],
  },
  { room: "lib/runtime/observe", mayImport: [...BELOW_RUNTIME, "package.json"] },
  { room: "lib/runtime/admin", mayImport: [...BELOW_RUNTIME, "lib/web/dashboard", "package.json"] },
  ...inRuntime(
    ...["clients", "credentials", "crypto", "http", "ledger", "receipts", "upstream"],
  ).map((room) => ({ room, mayImport: BELOW_RUNTIME })),

  { room: "lib/config", mayImport: BELOW_CONFIG },

  {
    room: "lib/gateway/handler.ts",
    mayImport: [
      ...inGateway("admission", "policy", "ledger", "delivery", "record", "cors"),
      ...inGateway("refusal.ts", "inbound.ts", "hooks.ts", "problem", "body", "model"),
      ...inGateway("accept.ts", "cors_of_request.ts", "receipts.ts", "socket_end.ts"),
      "lib/signing",
    ],
  },
  {
    room: "lib/gateway/cors_of_request.ts",
    mayImport: [...inGateway("admission", "cors", "inbound.ts", "model"), "lib/signing"],
  },
  {
    room: "lib/gateway/accept.ts",
    mayImport: inGateway("admission", "policy", "record", "inbound.ts", "problem", "body", "model"),
  },
  {
    room: "lib/gateway/trial.ts",
    mayImport: [
      ...inGateway("accept.ts", "record", "refusal.ts", "inbound.ts", "body", "model"),
      ...inGateway("ledger/counted_request.ts"),
    ],
  },
  ...inGateway("held_response.ts", "receipts.ts").map((room) => ({
    room,
    mayImport: inGateway("held_response.ts", "ledger", "model", "record"),
  })),
  { room: "lib/gateway/admission", mayImport: STEP },
  { room: "lib/gateway/policy", mayImport: [...STEP, "lib/gateway/usage"] },
  { room: "lib/gateway/ledger", mayImport: STEP },
  {
    room: "lib/gateway/delivery",
    // Of the ledger it knows what an exchange holds there.
    mayImport: [
      ...STEP,
      ...inGateway("record", "hooks.ts", "fetch_upstream.ts", "ledger/ledger.ts"),
      ...inGateway("dial_upstream.ts", "held_response.ts", "socket_end.ts"),
    ],
  },
  {
    room: "lib/gateway/refusal.ts",
    mayImport: [
      ...inGateway("record", "problem", "model", "providers", "inbound.ts"),
      "lib/signing",
    ],
  },
  {
    room: "lib/gateway/inbound.ts",
    mayImport: [...inGateway("body", "problem", "model", "socket_end.ts"), "lib/signing"],
  },
  {
    room: "lib/gateway/dial_upstream.ts",
    mayImport: inGateway("model", "problem", "socket_end.ts"),
  },
  { room: "lib/gateway/hooks.ts", mayImport: inGateway("model", "record", "time", "inbound.ts") },
  { room: "lib/gateway/fetch_upstream.ts", mayImport: inGateway("model", "problem") },
  { room: "lib/gateway/defaults.ts", mayImport: ["lib/signing"] },
  { room: "lib/gateway/record", mayImport: inGateway("problem", "time") },
  { room: "lib/gateway/cors", mayImport: inGateway("model") },
  { room: "lib/gateway/body", mayImport: inGateway("time", "problem", "frame_form.ts") },
  { room: "lib/gateway/model", mayImport: ["lib/signing"] },
  {
    room: "lib/gateway/problem",
    mayImport: [...inGateway("model"), "lib/signing", "package.json"],
  },
  { room: "lib/gateway/providers", mayImport: inGateway("frame_form.ts") },
  {
    room: "lib/gateway/usage",
    mayImport: inGateway("body", "model", "providers", "frame_form.ts"),
  },
  ...inGateway("frame_form.ts", "socket_end.ts", "time").map((room) => ({ room, mayImport: [] })),

  ...SIGNING_ENTRIES.map((room) => ({
    room,
    mayImport: inSigning("explain", "sw1", "sasigning", "token", "primitives"),
  })),
  { room: "lib/signing/explain", mayImport: inSigning("sw1", "token", "primitives") },
  { room: "lib/signing/sw1", mayImport: inSigning("primitives") },
  { room: "lib/signing/sasigning", mayImport: inSigning("primitives") },
  { room: "lib/signing/token", mayImport: inSigning("primitives") },
  { room: "lib/signing/primitives", mayImport: [] },

  { room: "examples/demo/page", mayImport: SIGNING_ENTRIES },
  // The demo shows the page that a build makes.
  { room: "examples/demo", mayImport: ["build", ...SIGNING_ENTRIES] },
  { room: "examples", mayImport: ["lib/mod.ts", ...SIGNING_ENTRIES] },
  { room: "docs", mayImport: SIGNING_ENTRIES },
  { room: "build", mayImport: ["lib", "package.json"] },
  { room: "deploy", mayImport: ["build", "package.json"] },
  { room: "bench", mayImport: ["lib", "build", "deploy", "tests/support"] },
];

/** Rooms that few may enter, whatever the table above allows. */
export const ENTRANCES: readonly {
  room: string;
  /** Who may import it at all. */
  by: readonly string[];
  /** Who may import types from it, beside them. */
  typesBy: readonly string[];
}[] = [
  { room: "lib/gateway/delivery", by: ["lib/gateway/handler.ts"], typesBy: [] },
  {
    room: "lib/gateway/handler.ts",
    by: ["lib/runtime/create_gateway.ts"],
    typesBy: ["lib/mod.ts"],
  },
];

/** Which packages a folder may import; one that is not here may import any. */
export const PACKAGES: readonly { room: string; packages: readonly string[] }[] = [
  ...["lib/signing", "lib/web"].map((room) => ({ room, packages: [] })),
  {
    room: "lib/gateway",
    packages: ["ipaddr.js", "re2js", "@pydantic/genai-prices"],
  },
  { room: "lib/gateway/admission/key_set.ts", packages: ["jose"] },
  { room: "examples/demo/page", packages: ["openai"] },
];

/** Names of runtimes that the code of a folder may not use. */
export const FORBIDDEN_GLOBALS: readonly { room: string; names: RegExp }[] = [
  { room: "lib/signing", names: /^(process|Buffer|Deno|Bun|NodeJS|require|__dirname|globalThis)$/ },
  { room: "lib/gateway", names: /^(process|Buffer|Deno|Bun|NodeJS|require|__dirname)$/ },
  { room: "lib/web", names: /^(process|Buffer|Deno|Bun|NodeJS|require|__dirname)$/ },
  { room: "examples/demo/page", names: /^(process|Buffer|Deno|Bun|NodeJS|require|__dirname)$/ },
];
