import { join } from "node:path";
import { assertCorrect } from "../load/correctness.ts";
import { type WireRequest, writeRequests } from "../load/requests.ts";
import { createSignedRequest, type Signer } from "../load/signed_request.ts";
import { bareBun } from "../peers/bare_bun.ts";
import { type Case, groupCases, measureCosts, REQUEST_COST, startFleet } from "../peers/fleet.ts";
import { nginxPlain } from "../peers/nginx.ts";
import { portkey, portkeyHeaders } from "../peers/portkey.ts";
import { NO_LOG, signway } from "../peers/signway.ts";
import type { Scenario } from "../scenario.ts";
import { AUTHORIZATION, startTestBed, type TestBed } from "../setup/test_bed.ts";

const PEERS = [signway("Signway", { flags: NO_LOG }), portkey, nginxPlain(), bareBun()];
const REQUESTS = 200;
const CONNECTIONS = 32;
const PATH = "/v1/chat/completions";
const TEXT = `\`POST ${PATH}\` with a question of about 600 bytes, answered whole with about 400. Signway gets
signed URLs; Portkey's gateway gets the API's key and address in headers, for it keeps none.`;

export const llm: Scenario = {
  summary: "Requests a second and CPU time of a chat completion, beside Portkey's gateway",
  async run(effort) {
    await using stack = new AsyncDisposableStack();
    const bed = await startTestBed(PATH, stack);
    const cases = await startCases(bed, stack);
    const [cpu, rate] = REQUEST_COST;
    return {
      title: "A chat completion",
      text: TEXT,
      quantities: [rate!, cpu!],
      references: [portkey.name, nginxPlain().name, bareBun().name],
      groups: groupCases(await measureCosts(cases, bed.upstream, effort)),
    };
  },
};

async function startCases(
  { folder, upstream, setup }: TestBed,
  stack: AsyncDisposableStack,
): Promise<Case[]> {
  const signed = await Promise.all(
    Array.from({ length: REQUESTS }, (_, index) => createSignedCompletion(setup, index)),
  );
  const headers = portkeyHeaders(upstream.origin, AUTHORIZATION);
  const keyed = signed.map((_, index) => createCompletion(PATH, index, headers));
  const files = {
    signed: await writeRequests(join(folder, "signed"), signed),
    keyed: await writeRequests(join(folder, "keyed"), keyed),
  };
  const cases: Case[] = [];
  for (const member of await startFleet(PEERS, setup, stack)) {
    const { isKeyBased } = member.peer;
    await assertCorrect(member, (isKeyBased ? keyed : signed)[7]!);
    const requests = isKeyBased ? files.keyed : files.signed;
    const group = `${CONNECTIONS} connections`;
    cases.push({ member, group, load: { requests, connections: CONNECTIONS } });
  }
  return cases;
}

async function createSignedCompletion(signer: Signer, index: number): Promise<WireRequest> {
  // A second apart, or all would have the same URL.
  const now = new Date(Date.now() - index * 1000);
  const { target } = await createSignedRequest(PATH, signer, { method: "POST", now });
  return createCompletion(target, index);
}

function createCompletion(
  target: string,
  index: number,
  headers: Record<string, string> = {},
): WireRequest {
  const content = `Question ${index}: ${"what do you think of this? ".repeat(18)}`;
  const messages = [
    { role: "system", content: "You are a helpful assistant." },
    { role: "user", content },
  ];
  return {
    method: "POST",
    target,
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify({ model: "a-model", messages }),
  };
}
