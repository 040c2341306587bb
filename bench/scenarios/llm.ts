import { CHAT_PATH } from "../load/chat_requests.ts";
import { bareBun } from "../peers/bare_bun.ts";
import { startChatCases } from "../peers/chat_cases.ts";
import { groupCases, measureCosts, REQUEST_COST } from "../peers/fleet.ts";
import { nativeFloor } from "../peers/native_floor.ts";
import { nginxPlain } from "../peers/nginx.ts";
import { portkey } from "../peers/portkey.ts";
import { NO_LOG, signway } from "../peers/signway.ts";
import type { Scenario } from "../scenario.ts";
import { startTestBed } from "../setup/test_bed.ts";

const PEERS = [
  signway("Signway", { flags: NO_LOG }),
  portkey,
  nginxPlain(),
  bareBun(),
  nativeFloor,
];
const TEXT = `\`POST ${CHAT_PATH}\` with a question of about 600 bytes, answered whole with about 400. Signway gets
signed URLs; Portkey's gateway gets the API's key and address in headers, for it keeps none.
*${nativeFloor.name}* verifies as in the table of small GETs, and reads the bodies.`;

export const llm: Scenario = {
  summary: "Requests a second and CPU time of a chat completion, beside Portkey's gateway",
  async run(effort) {
    await using stack = new AsyncDisposableStack();
    const bed = await startTestBed(CHAT_PATH, stack);
    const cases = await startChatCases(PEERS, bed.setup, bodyOf, stack);
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

function bodyOf(index: number): string {
  const content = `Question ${index}: ${"what do you think of this? ".repeat(18)}`;
  const messages = [
    { role: "system", content: "You are a helpful assistant." },
    { role: "user", content },
  ];
  return JSON.stringify({ model: "a-model", messages });
}
