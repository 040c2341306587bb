import { join } from "node:path";
import { assertCorrect } from "../load/correctness.ts";
import { type WireRequest, writeRequests } from "../load/requests.ts";
import { itemPath, signItemRequests } from "../load/signed_request.ts";
import { createTokenRequests } from "../load/token_requests.ts";
import { bareBun } from "../peers/bare_bun.ts";
import { type Case, groupCases, measureCosts, REQUEST_COST, startFleet } from "../peers/fleet.ts";
import { NO_LOG, signway } from "../peers/signway.ts";
import type { Scenario } from "../scenario.ts";
import { startTestBed } from "../setup/test_bed.ts";

const REQUESTS = 2000;
const CONNECTIONS = 32;
const SIGNED_URL = "Signway, signed URLs";
const TOKEN = "Signway, access tokens";
const NEW_TOKEN = "Signway, access tokens that are new";
// More than the gateway notes as having come once.
const NEW_TOKENS = 20_000;

export const tokens: Scenario = {
  summary: "CPU time of a GET request with an access token, beside one with a signed URL",
  async run(effort) {
    await using stack = new AsyncDisposableStack();
    const { setup, upstream } = await startTestBed(itemPath(0), stack);
    const peers = [
      signway(SIGNED_URL, { flags: NO_LOG }),
      signway(TOKEN, { flags: NO_LOG }),
      signway(NEW_TOKEN, { flags: NO_LOG }),
      bareBun(),
    ];
    const requestsOf: Readonly<Record<string, WireRequest[]>> = {
      [SIGNED_URL]: await signItemRequests(REQUESTS, setup),
      [TOKEN]: await createTokenRequests(REQUESTS, setup),
      [NEW_TOKEN]: await createTokenRequests(effort.smoke ? REQUESTS : NEW_TOKENS, setup),
    };
    const cases: Case[] = [];
    for (const member of await startFleet(peers, setup, stack)) {
      const all = requestsOf[member.peer.name] ?? requestsOf[SIGNED_URL]!;
      await assertCorrect(member, all[7]!, refusedRequests(all[7]!));
      const requests = await writeRequests(join(member.folder, "requests"), all);
      const group = `${CONNECTIONS} connections, no access log`;
      cases.push({ member, group, load: { requests, connections: CONNECTIONS } });
    }
    return {
      title: "Access tokens",
      text: `${REQUESTS} requests over keep-alive connections, as in the table of small GETs: each with a signed URL of its own, or
each with a token of its own (HS256, one target in \`to\`) in \`Authorization\`. Like the token of a session, these come again
and again, and are not parsed each time. The row of new tokens has ${NEW_TOKENS}, and
each is parsed each time, because too many others come in between.`,
      quantities: REQUEST_COST,
      references: [SIGNED_URL, bareBun().name],
      groups: groupCases(await measureCosts(cases, upstream, effort)),
    };
  },
};

function refusedRequests({ target, headers }: WireRequest): Record<string, WireRequest> {
  const authorization = headers?.["Authorization"];
  if (authorization === undefined) return {};
  return {
    "no token": { target },
    "a changed token": { target, headers: { Authorization: `${authorization.slice(0, -4)}AAAA` } },
    "another path": { target: target.replace("/v1/", "/v2/"), headers: headers! },
  };
}
