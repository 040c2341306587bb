import { BodyBudget } from "../../lib/gateway/body/body_budget.ts";
import { InboundRequest } from "../../lib/gateway/inbound.ts";
import type { Admission } from "../../lib/gateway/model/grant.ts";
import type { Policy } from "../../lib/gateway/model/policy.ts";
import { type ApplyPolicies, createPolicies } from "../../lib/gateway/policy/policies.ts";
import { createUsageWatch } from "../../lib/gateway/policy/watch_usage.ts";
import { createBuiltInPrices } from "../../lib/gateway/usage/builtin_prices.ts";
import { TimerWheel } from "../../lib/gateway/time/timer_wheel.ts";
import { interleave } from "../measure/statistics.ts";
import type { Effort, Group, Scenario } from "../scenario.ts";

const SIZES = {
  "600 B": 600,
  "2 kB": 2_000,
  "20 kB": 20_000,
  "100 kB": 100_000,
  "1 MB": 1_000_000,
};
const BATCH_BYTES = 2_000_000;
const GUARDED = "guarded: one model, a cap of output tokens";
const CHECKED = "a schema of the body";
const PARSED = "`JSON.parse` of the body, as bytes";

const POLICIES: Readonly<Record<string, Policy>> = {
  [GUARDED]: { models: ["gpt-5-mini"], maxOutputTokens: 800 },
  [CHECKED]: {
    body: {
      schema: {
        type: "object",
        required: ["model", "messages"],
        properties: {
          model: { const: "gpt-5-mini" },
          messages: {
            type: "array",
            items: { properties: { content: { type: "string", maxLength: 1_000_000 } } },
          },
        },
      },
    },
  },
};

const timers = new TimerWheel();
const limits = {
  idleTimeout: 60,
  maxDuration: 0,
  unverified: new BodyBudget("unverified_limit"),
  checked: new BodyBudget("policy_bodies_limit"),
  maxUnverified: 2 ** 26,
  timers,
};
const applyPolicies = createApplyPolicies();
const admission: Admission = {
  grant: {
    principal: { id: "bench", upstreams: [] },
    credential: { scheme: "token" },
    permits: {},
    target: new URL("https://api.openai.com/v1/chat/completions"),
    coveredHeaders: [],
  },
  target: {
    url: new URL("https://api.openai.com/v1/chat/completions"),
    rule: { url: new URL("https://api.openai.com/"), headers: [] },
  },
};

const PARAGRAPH = `The gateway checks what a request may say, and sends what it checked. A token for one chat is no
key for everything, so each part of a body has to be one that is known to be harmless. "Known" means that it is in a
table, with the version of the API that was read.\n\n`;

/** A chat of about so many bytes, with messages of up to 2 kB. */
function createChat(bytes: number): string {
  const messages: { role: string; content: string }[] = [];
  for (let size = 0; size < bytes - 200; size += 2_000) {
    const length = Math.min(2_000, bytes - size) - 150;
    const content = PARAGRAPH.repeat(Math.ceil(length / PARAGRAPH.length)).slice(0, length);
    messages.push({ role: messages.length % 2 === 0 ? "user" : "assistant", content });
  }
  return JSON.stringify({ model: "gpt-5-mini", messages, temperature: 0.2, stream: true });
}

function createInbound(text: string): InboundRequest {
  const body = new TextEncoder().encode(text);
  const headers = { "content-type": "application/json", "content-length": String(body.length) };
  const request = new Request("https://gateway.test/", { method: "POST", body, headers });
  return new InboundRequest(request, {}, limits);
}

function createApplyPolicies(): ApplyPolicies {
  const prices = createBuiltInPrices();
  const watchUsage = createUsageWatch({ prices });
  return createPolicies({ maxPolicyBody: 2 ** 24, prices, watchUsage });
}

const decoder = new TextDecoder();

/** The CPU time of one body in microseconds: under a policy, read alone, or parsed. */
async function measure(row: string, text: string, seconds: number): Promise<number> {
  const policy = POLICIES[row];
  const layers = policy && [{ policy, mayLackBody: false }];
  const bytes = new TextEncoder().encode(text);
  const count = Math.ceil(BATCH_BYTES / text.length);
  const deadline = performance.now() + seconds * 1000;
  let [cpu, bodies] = [0, 0];
  do {
    const batch = row === PARSED ? [] : Array.from({ length: count }, () => createInbound(text));
    const before = process.cpuUsage();
    for (const inbound of batch) {
      if (layers) await applyPolicies(inbound, admission, { layers, lifetime: Infinity });
      else await inbound.body.checkedBytes(2 ** 24, Infinity);
      inbound.body.release();
    }
    if (row === PARSED) for (let i = 0; i < count; i++) JSON.parse(decoder.decode(bytes));
    const { user, system } = process.cpuUsage(before);
    cpu += user + system;
    bodies += count;
  } while (performance.now() < deadline);
  return cpu / bodies;
}

/** Without the time for reading a body, which is read without a policy too. */
const READ = "reading alone";

async function measureSize(title: string, bytes: number, effort: Effort): Promise<Group> {
  const { rounds, smoke, seconds, log } = effort;
  const text = createChat(bytes);
  const rows = [READ, ...Object.keys(POLICIES), PARSED];
  const duration = smoke ? 0.01 : seconds / 4;
  for (const row of rows) await measure(row, text, duration);
  const samples = await interleave(rounds, rows, (row) => measure(row, text, duration));
  const read = samples.get(READ)!;
  const series = rows.slice(1).map((name) => {
    const cpu = samples.get(name)!.map((it, i) => (name === PARSED ? it : it - read[i]!));
    log(`${title}, ${name}: ${cpu.map((it) => it.toFixed(1)).join(" ")} µs`);
    return { name, samples: { cpu } };
  });
  return { title, x: bytes, series };
}

export const policies: Scenario = {
  summary: "CPU time that a policy adds to a request, by the size of its body",
  async run(effort) {
    const sizes = Object.entries(SIZES).filter(([, bytes]) => !effort.smoke || bytes <= 20_000);
    const groups: Group[] = [];
    for (const [title, bytes] of sizes) groups.push(await measureSize(title, bytes, effort));
    return {
      title: "Policies",
      text: `In one process, without HTTP: what a policy adds to the reading of a chat request's body, which has messages of up to 2
kB. The body is parsed strictly, checked, edited and written again. For comparison, the runtime's own parser, with the
decoding of the bytes.`,
      quantities: [{ key: "cpu", label: "µs of CPU" }],
      references: [PARSED],
      groups,
      growth: "bytes of the body",
    };
  },
};
