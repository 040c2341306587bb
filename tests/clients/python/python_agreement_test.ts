import { afterAll, describe, expect, test } from "bun:test";
import { signUrl } from "../../../lib/signing/mod.ts";
import { folderWith } from "../../support/folder.ts";
import { createRandom } from "../../support/random.ts";
import { startGateway } from "../../support/gateway.ts";
import { inParallel } from "../../support/in_parallel.ts";
import { requirement } from "../../support/requirement.ts";
import { APPS, differences, type GeneratedRequest, randomRequest } from "./generated_requests.ts";
import { installPythonSdk, signWithPython } from "./python_sdk.ts";

const COUNT = 1_000;
const python = await requirement("the Python SDK", installPythonSdk);
const answer = () => Response.json({ reached: true });
const upstreams = [0, 1].map(() => Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: answer }));
const origins = upstreams.flatMap(({ port }) => [
  `http://127.0.0.1:${port}`,
  `HTTP://127.0.0.1:${port}`,
  `http://LocalHost:${port}`,
  `http://localhost:0${port}`,
]);
const random = createRandom(20_261_124);
const requests = Array.from({ length: COUNT }, () => randomRequest(random, origins));
const folder = await folderWith({
  "signway.json": JSON.stringify({
    app: Object.entries(APPS).map(([id, secret]) => ({
      id,
      secrets: [secret],
      upstream: upstreams.flatMap(({ port }) =>
        ["127.0.0.1", "localhost"].map((host) => ({ url: `http://${host}:${port}/` })),
      ),
    })),
  }),
});
const gateway = await startGateway({
  args: ["--config", folder.path("signway.json"), "--no-watch"],
});
const now = new Date();

afterAll(async () => {
  await gateway.stop();
  await folder[Symbol.asyncDispose]();
  await Promise.all(upstreams.map((upstream) => upstream.stop(true)));
});

describe.skipIf("reason" in python)(
  `${COUNT} generated requests, the Python SDK and signUrl`,
  () => {
    test("give the same URL wherever the dialects let them, and the gateway accepts both", async () => {
      if ("reason" in python) return;
      const [theirs, ours] = await Promise.all([
        signWithPython(
          python.value,
          requests.map((it) => withGateway(it)),
          now,
        ),
        Promise.all(requests.map((it) => sign(withGateway(it)))),
      ]);
      const alike = requests.flatMap((it, i) => (differences(it).length ? [] : [i]));
      expect(alike.length).toBeGreaterThan(COUNT / 10);
      expect(alike.map((i) => ours[i])).toEqual(alike.map((i) => theirs[i]));

      const refused: string[] = [];
      await inParallel(2 * COUNT, 32, async (number) => {
        const request = requests[number % COUNT]!;
        const url = (number < COUNT ? theirs : ours)[number % COUNT]!;
        const { method, headers, body = null } = request;
        const bytes = body === null ? null : new TextEncoder().encode(body);
        const response = await fetch(url, { method, headers, body: bytes });
        const text = await response.text();
        if (response.status !== 200) refused.push(`${url} ${JSON.stringify(request)} ${text}`);
      });
      expect(refused).toEqual([]);
    }, 60_000);
  },
);

function withGateway(request: GeneratedRequest): GeneratedRequest {
  return { ...request, gateway: new URL(request.gateway, gateway.url).href };
}

function sign({ target, ...options }: GeneratedRequest): Promise<string> {
  return signUrl(target, { ...options, now });
}
