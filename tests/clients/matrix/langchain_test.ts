import { afterAll, expect, test } from "bun:test";
import { mkdir } from "node:fs/promises";
import { signToken } from "../../../lib/signing/mod.ts";
import { finished } from "../../support/finished.ts";
import { CREDENTIAL, startGateway } from "../../support/gateway.ts";
import { requirement } from "../../support/requirement.ts";
import { ROOT } from "../../support/root.ts";
import { installPythonSdks } from "../python/provider_sdks.ts";
import { findNode } from "./runtimes.ts";

// Nothing is sent there.
const API = "https://api.openai.com";
const IN_JAVASCRIPT = `import { ChatOpenAI } from "@langchain/openai";
  const failed = new ChatOpenAI({ model: "m" }).invoke("Hello").catch((error) => error);
  console.log((await failed).status, (await failed).code);`;
const IN_PYTHON = `from langchain_openai import ChatOpenAI
try: ChatOpenAI(model="m").invoke("Hello")
except Exception as error: print(error.status_code, error.code)`;

const gateway = await startGateway({ args: ["--upstream", `${API}/v1/`] });
const node = await requirement("Node 22", () => findNode("node-22"));
const python = await requirement("Python with SDKs", () => installPythonSdks("python"));
// Node finds the packages from there.
const program = `${import.meta.dirname}/.cache/snippets/langchain_refused.mjs`;
await mkdir(`${import.meta.dirname}/.cache/snippets`, { recursive: true });
await Bun.write(program, IN_JAVASCRIPT);
afterAll(() => gateway.stop());

const RUNS = [
  ["JavaScript", node, [program]],
  ["Python", python, ["-c", IN_PYTHON]],
] as const;

test("docs/clients.md says where LangChain has the code", async () => {
  const page = await Bun.file(`${ROOT}/docs/clients.md`).text();
  expect(page).toMatch(/^\| `openai` and LangChain's `ChatOpenAI`, .* \| `error\.code` +\|$/m);
});

for (const [language, runtime, args] of RUNS) {
  test.skipIf("reason" in runtime)(
    `an expired token is refused once, with its code, in ${language}`,
    async () => {
      if ("reason" in runtime) return;
      const before = gateway.records().length;
      const past = new Date(Date.now() - 3_600_000);
      const env = {
        ...process.env,
        OPENAI_BASE_URL: new URL("api.openai.com/v1", gateway.url).href,
        OPENAI_API_KEY: await signToken({ ...CREDENTIAL, now: past, to: [`${API}/v1/`] }),
      };
      const options = { env, stdout: "pipe", stderr: "pipe" } as const;
      const { stdout } = await finished(Bun.spawn([runtime.value, ...args], options));
      expect(stdout).toBe("401 token_expired\n");
      expect(gateway.records()).toHaveLength(before + 1);
    },
    120_000,
  );
}
