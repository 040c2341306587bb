import { afterAll, describe, expect, test } from "bun:test";
import { copyFileSync } from "node:fs";
import { launchChromium } from "../chromium.ts";
import { DENO, WORKERD } from "../runtime_paths.ts";
import { requirement } from "../../support/requirement.ts";
import { type Report, runSuite } from "./suite.ts";
import { ROOT } from "../../support/root.ts";
import tokenFile from "../../vectors/token.json";

const BUNDLES = `${ROOT}/.cache/runtimes`;

const chromium = await launchChromium();
const node = await requirement("node", async () => {
  const path = Bun.which("node");
  if (!path) throw new Error("there is no node in PATH");
  return path;
});

/** How the suite is run in each runtime; here, it ran in Bun. */
const RUNTIMES: [name: string, missing: boolean, run: () => Promise<Report>][] = [
  ["Bun from its source", false, () => printed([process.execPath, "console.ts"])],
  ["Deno from its source", false, runInDeno],
  ["Node", "reason" in node, runInNode],
  ["Chromium", "reason" in chromium, runInChromium],
  ["workerd", false, runInWorkerd],
];

const here = await runSuite();

afterAll(async () => {
  if ("value" in chromium) await chromium.value.close();
});

test("the suite passes here, with every vector counted", () => {
  expect(here.failures).toEqual([]);
  const tokens = tokenFile.cases.length + tokenFile.noTokens.length + 1;
  expect(here.passed).toBe(24 * 4 + 17 + tokens);
});

describe("the suite passes with the same count in", () => {
  for (const [name, missing, run] of RUNTIMES) {
    test.skipIf(missing)(
      name,
      async () => {
        const { passed, failures } = await run();
        console.log(`${name}: ${passed} vectors passed`);
        expect(failures).toEqual([]);
        expect(passed).toBeGreaterThan(0);
        expect(passed).toBe(here.passed);
      },
      60_000,
    );
  }
});

function runInDeno(): Promise<Report> {
  return printed([process.execPath, DENO, "run", "--no-lock", "--no-config", "console.ts"]);
}

async function runInNode(): Promise<Report> {
  if ("reason" in node) throw new Error(node.reason);
  return printed([node.value, await bundled("console.ts")]);
}

async function runInChromium(): Promise<Report> {
  if ("reason" in chromium) throw new Error(chromium.reason);
  const script = await Bun.file(await bundled("page.ts")).text();
  // WebCrypto is there in a secure context only, which loopback is and a blank page is not.
  using site = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: () => new Response("<!doctype html>", { headers: { "Content-Type": "text/html" } }),
  });
  const page = await chromium.value.newPage();
  await page.goto(site.url.href);
  await page.addScriptTag({ content: script, type: "module" });
  // A module runs some time after its script element is there.
  await page.waitForFunction("typeof runSuite === 'function'");
  const report: Report = await page.evaluate("runSuite()");
  await page.close();
  return report;
}

async function runInWorkerd(): Promise<Report> {
  await bundled("edge_worker.ts");
  const config = `${BUNDLES}/edge_worker.capnp`;
  copyFileSync(`${import.meta.dirname}/edge_worker.capnp`, config);
  return printed([WORKERD, "test", config]);
}

async function bundled(name: string): Promise<string> {
  const { outputs } = await Bun.build({
    entrypoints: [`${import.meta.dirname}/${name}`],
    outdir: BUNDLES,
    naming: "[name].mjs",
    target: "browser",
  });
  return outputs[0]?.path ?? "";
}

async function printed(command: string[]): Promise<Report> {
  const child = Bun.spawn(command, {
    cwd: import.meta.dirname,
    env: { ...process.env, DENO_NO_PACKAGE_JSON: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [output, complaint] = await Promise.all(
    [child.stdout, child.stderr].map((stream) => new Response(stream).text()),
  );
  if ((await child.exited) !== 0) throw new Error(`${command.join(" ")}: ${complaint}${output}`);
  return JSON.parse(output ?? "") as Report;
}
