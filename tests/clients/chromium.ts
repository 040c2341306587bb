import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { acquireLock } from "../support/lock.ts";
import { requirement } from "../support/requirement.ts";

export type { Page } from "playwright-core";

const PATH = "/usr/bin/chromium";

const INSTALL = "apt-get update && apt-get install -y --no-install-recommends chromium";

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * A running Chromium of the system, or the reason why there is none.
 *
 * @param more of its command line
 */
export function launchChromium(
  more: readonly string[] = [],
): Promise<{ value: Browser } | { reason: string }> {
  return requirement("chromium", async () => {
    if (!existsSync(PATH)) await install();
    return await chromium.launch({ executablePath: PATH, args: [...ARGUMENTS, ...more] });
  });
}

async function install(): Promise<void> {
  using _ = await acquireLock("apt");
  if (existsSync(PATH)) return;
  if (process.getuid?.() !== 0) throw new Error(`${PATH} is missing and only root can install it`);
  if (!Bun.which("apt-get")) throw new Error(`${PATH} is missing and so is apt-get`);
  const child = Bun.spawn(["sh", "-c", INSTALL], {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    stdout: "ignore",
    stderr: "pipe",
  });
  const complaint = await new Response(child.stderr).text();
  if ((await child.exited) !== 0) throw new Error(`apt-get cannot install it: ${complaint.trim()}`);
}
