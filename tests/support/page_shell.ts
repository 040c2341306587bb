import { dirname } from "node:path";
import { ROOT } from "./root.ts";
import { waitUntil } from "./wait_until.ts";

/**
 * Starts the commands of a page as a reader would, with this Bun as `bun`.
 *
 * @param script the commands
 * @param env added to the environment
 * @returns the shell
 */
export function pageShell(script: string, env: Record<string, string> = {}) {
  const PATH = `${dirname(process.execPath)}:${process.env["PATH"]}`;
  const commands = script.replaceAll(/npx --yes bun@[\d.]+/g, "bun");
  return Bun.spawn(["sh", "-ec", commands], {
    cwd: ROOT,
    env: { ...process.env, ...env, PATH },
    stderr: "pipe",
  });
}

/** Waits until a gateway answers. */
export async function waitForGateway(url: string): Promise<void> {
  await waitUntil("the gateway to listen", () => isUp(url), 30_000);
}

function isUp(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}
