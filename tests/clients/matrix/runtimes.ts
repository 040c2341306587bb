import { existsSync } from "node:fs";
import type { Browser } from "playwright-core";
import { requirement } from "../../support/requirement.ts";
import { ROOT } from "../../support/root.ts";
import { launchChromium } from "../chromium.ts";
import { installPythonSdks } from "../python/provider_sdks.ts";
import type { Runtime } from "./clients.ts";
import type { Report } from "./inside/examine.ts";
import { type Run, RUNS } from "./runs.ts";
import type { Stage } from "./stage.ts";

/** The runtimes that this machine has. */
export interface Runtimes extends AsyncDisposable {
  /** The program or the browser, or why there is none. */
  find: (runtime: Runtime) => { value: string | Browser } | { reason: string };
  /** Runs a client to its end. */
  examine: (run: Run) => Promise<Report>;
}

const INSIDE = `${import.meta.dirname}/inside`;
const BUNDLES = `${import.meta.dirname}/.cache`;

/** Where the scripts of pages are, once the runtimes are started. */
export const PAGES = `${BUNDLES}/browser`;

/** Finds the runtimes, starts the browser and builds the scripts for it and for Node. */
export async function startRuntimes(stage: Stage): Promise<Runtimes> {
  await Promise.all([bundleClients("node"), bundleClients("browser")]);
  const chromium = await launchChromium();
  const found = {
    "Node 20": await requirement("Node 20", () => findNode("node-20")),
    "Node 22": await requirement("Node 22", () => findNode("node-22")),
    Chromium: chromium,
    Python: await requirement("Python with SDKs", () => installPythonSdks("python")),
  };
  return {
    find: (runtime) => found[runtime],
    examine(run) {
      const it = found[run.runtime];
      if ("reason" in it) throw new Error(it.reason);
      if (typeof it.value !== "string") return runInPage(stage, run, it.value);
      return run.runtime === "Python"
        ? runInPython(stage, run, it.value)
        : runInNode(stage, run, it.value);
    },
    async [Symbol.asyncDispose]() {
      if ("value" in chromium) await chromium.value.close();
    },
  };
}

/** Each Node is a package of npm, too. */
export async function findNode(folder: "node-20" | "node-22"): Promise<string> {
  const path = `${import.meta.dirname}/node_modules/${folder}/bin/node`;
  if (!existsSync(path)) throw new Error(`there is no ${path}`);
  return path;
}

/** Builds a script for each client of npm. For Node, the packages stay outside, as they are installed. */
async function bundleClients(target: "node" | "browser"): Promise<void> {
  const runs = RUNS.filter(({ runtime }) => runtime !== "Python");
  const names = new Set(runs.map(({ client }) => client.entry));
  await Bun.build({
    entrypoints: [...names].map((name) => `${INSIDE}/entries/${name}.ts`),
    outdir: `${BUNDLES}/${target}`,
    naming: "[name].mjs",
    target,
    packages: target === "node" ? "external" : "bundle",
  });
}

async function runInNode(stage: Stage, run: Run, node: string): Promise<Report> {
  const script = `${BUNDLES}/node/${run.client.entry}.mjs`;
  return printed([node, "--no-warnings", script], await environment(stage, run));
}

async function runInPage(stage: Stage, run: Run, browser: Browser): Promise<Report> {
  const page = await browser.newPage();
  try {
    await page.goto(`${stage.site}/page/${run.client.entry}/`);
    // A module runs some time after its script element is there.
    await page.waitForFunction("typeof examine === 'function'");
    const situation = JSON.stringify(await stage.situationOf(run));
    return await page.evaluate(`examine(${situation})`);
  } finally {
    await page.close();
  }
}

/** The client has its settings from the variables that `signway token` prints, and from nowhere else. */
async function runInPython(stage: Stage, run: Run, python: string): Promise<Report> {
  const { api, entry } = run.client;
  const { gateway, providers } = stage;
  const token = [process.execPath, `${ROOT}/server.ts`, "token", "--config", gateway.file];
  const options = ["--id", run.id, "--gateway", gateway.url, "--to", `${providers[api].origin}/`];
  const script = `eval "$("$@" --env ${api})" && exec "${python}" clients.py ${entry}`;
  const command = ["sh", "-c", script, "sh", ...token, ...options];
  return printed(command, await environment(stage, run));
}

async function environment(stage: Stage, run: Run): Promise<Record<string, string>> {
  const { PATH = "", HOME = "" } = process.env;
  return { PATH, HOME, SITUATION: JSON.stringify(await stage.situationOf(run)) };
}

async function printed(command: string[], env: Record<string, string>): Promise<Report> {
  const child = Bun.spawn(command, { cwd: INSIDE, env, stdout: "pipe", stderr: "pipe" });
  const [output, complaint] = await Promise.all(
    [child.stdout, child.stderr].map((stream) => new Response(stream).text()),
  );
  if ((await child.exited) !== 0) throw new Error(complaint);
  return JSON.parse(output ?? "") as Report;
}
