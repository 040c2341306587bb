import { moduleState } from "../source/module_state.ts";
import type { Finding, Project } from "./project.ts";

/** A state that a module may keep, and why. */
export interface AllowedState {
  path: string;
  name: string;
  reason: string;
}

const EXAMPLE = "an example is one program, to be read from the top to the bottom";
const BENCH = "a scenario of the benchmarks is one program";
const NJS = "a constant; njs has var alone at the top";

/** The list of exceptions, each with the reason why it is no parameter and no field. */
export const ALLOWED_STATE: readonly AllowedState[] = [
  {
    path: "lib/signing/primitives/hmac.ts",
    name: "comparisonKey",
    reason: "a random key under which MACs are compared; to make one for each comparison is slow",
  },
  {
    path: "lib/signing/sw1/verify_url.ts",
    name: "sharedKeys",
    reason: "derived keys, for callers that bring no store of them; bounded",
  },
  {
    path: "lib/signing/token/verify_token.ts",
    name: "sharedKeys",
    reason: "imported keys, for callers that bring no store of them; bounded",
  },
  {
    path: "lib/gateway/admission/lenient_text.ts",
    name: "known",
    reason:
      "what Unicode normalizes a character to, which is the same for all; bounded by their number",
  },
  {
    path: "lib/gateway/inbound.ts",
    name: "lastGood",
    reason: "the last Host header that was checked; nearly all requests bring the same",
  },
  {
    path: "lib/gateway/delivery/request_headers.ts",
    name: "foldedByHeaders",
    reason: "the names in a rule's headers, computed once for each rule and collected with it",
  },
  {
    path: "lib/gateway/delivery/credentials/aws/signature.ts",
    name: "signingKeys",
    reason: "a key that is derived from other keys once a day, and collected with them",
  },
  {
    path: "lib/gateway/delivery/request_header_classes.ts",
    name: "requestName",
    reason:
      "what was found out about names of headers; nearly all requests bring the same; bounded",
  },
  {
    path: "lib/gateway/delivery/response_header_classes.ts",
    name: "responseTreatment",
    reason: "the same for the headers of responses; bounded",
  },
  {
    path: "lib/runtime/crypto/verify_hmac.ts",
    name: "waiting",
    reason: "comparisons of one turn of the event loop, of all requests of the process",
  },
  {
    path: "lib/runtime/crypto/hash_in_turns.ts",
    name: "waiting",
    reason: "long bodies that are being hashed, of all requests of the process",
  },
  {
    path: "lib/runtime/process/notify.ts",
    name: "library",
    reason: "the C library, opened at the first use, which only a service manager brings about",
  },
  { path: "bench/scenarios/verify.ts", name: "signingKeys", reason: BENCH },
  { path: "bench/scenarios/policies.ts", name: "timers", reason: BENCH },
  { path: "bench/scenarios/policies.ts", name: "applyPolicies", reason: BENCH },
  { path: "bench/peers/nginx/verify.js", name: "MAX_EXPIRES", reason: NJS },
  { path: "bench/peers/nginx/verify.js", name: "CLOCK_SKEW", reason: NJS },
  { path: "bench/peers/nginx/verify.js", name: "FORM", reason: NJS },
  { path: "bench/peers/nginx/verify.js", name: "BODY_FORM", reason: NJS },
  { path: "examples/apps_in_sqlite.ts", name: "database", reason: EXAMPLE },
  { path: "examples/apps_in_sqlite.ts", name: "gateway", reason: EXAMPLE },
  { path: "examples/inside_a_bun_server.ts", name: "usedBytes", reason: EXAMPLE },
  { path: "examples/inside_a_bun_server.ts", name: "gateway", reason: EXAMPLE },
  { path: "examples/backends/hono/server.ts", name: "app", reason: EXAMPLE },
  { path: "examples/backends/supabase/index.ts", name: "supabase", reason: EXAMPLE },
  { path: "examples/demo/main.ts", name: "shutdown", reason: EXAMPLE },
  { path: "examples/mcp_client/client.ts", name: "transport", reason: EXAMPLE },
  { path: "examples/mcp_client/client.ts", name: "client", reason: EXAMPLE },
  { path: "examples/plain_html/page.js", name: "openai", reason: EXAMPLE },
  { path: "examples/react_chat/chat.tsx", name: "openai", reason: EXAMPLE },
  { path: "examples/react_chat/chat.tsx", name: "agent", reason: EXAMPLE },
  { path: "examples/react_chat/chat.tsx", name: "transport", reason: EXAMPLE },
  { path: "examples/realtime_voice/page.ts", name: "button", reason: EXAMPLE },
  { path: "examples/realtime_voice/page.ts", name: "status", reason: EXAMPLE },
  { path: "examples/realtime_voice/page.ts", name: "log", reason: EXAMPLE },
  { path: "examples/sandboxed_agent/agent.ts", name: "openai", reason: EXAMPLE },
  { path: "examples/transcription/page.ts", name: "token", reason: EXAMPLE },
  { path: "examples/transcription/page.ts", name: "button", reason: EXAMPLE },
  { path: "examples/transcription/page.ts", name: "transcript", reason: EXAMPLE },
  { path: "examples/transcription/page.ts", name: "alert", reason: EXAMPLE },
];

/** State of modules that is not on the list, and entries of the list that nothing needs any more. */
export function findModuleState(
  { sources }: Project,
  allowed: readonly AllowedState[] = ALLOWED_STATE,
): Finding[] {
  const found = sources.flatMap((source) =>
    moduleState(source).map((state) => ({ path: source.path, ...state })),
  );
  const isListed = (state: { path: string; name: string }) =>
    allowed.some(({ path, name }) => path === state.path && name === state.name);
  const isFound = (entry: AllowedState) =>
    found.some(({ path, name }) => path === entry.path && name === entry.name);
  return [
    ...found
      .filter((state) => !isListed(state))
      .map(({ path, line, name, why }) => ({ path, line, what: `${name} ${why}` })),
    ...allowed
      .filter((entry) => !isFound(entry))
      .map(({ path, name }) => ({ path, what: `has no state ${name}: remove it from the list` })),
  ];
}
