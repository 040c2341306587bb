import { cpus, loadavg, release } from "node:os";
import { portkeyVersion } from "../peers/portkey.ts";
import { packageVersion } from "../setup/packages.ts";

/** One line on what the numbers were measured on. */
export function describeMachine(): string {
  const processors = cpus();
  return `${processors[0]?.model.trim()}, ${processors.length} cores, Linux ${release()}`;
}

/** One line on the versions of all that took part. */
export async function describeVersions(): Promise<string> {
  const debian = ["nginx", "libnginx-mod-http-js", "wrk"];
  return [
    `Signway ${commit()}`,
    `Bun ${Bun.version}`,
    ...debian.map((name) => `${name} ${packageVersion(name)}`),
    `@portkey-ai/gateway ${await portkeyVersion()} on Node.js ${nodeVersion()}`,
  ].join(", ");
}

/** How busy the machine was in the last minute; the measurement itself adds about 2. */
export function loadAverage(): string {
  return loadavg()[0]!.toFixed(1);
}

function nodeVersion(): string {
  return Bun.spawnSync(["node", "--version"]).stdout.toString().trim().slice(1);
}

function commit(): string {
  const { exitCode, stdout } = Bun.spawnSync(["git", "describe", "--always", "--dirty"], {
    cwd: import.meta.dir,
    stderr: "ignore",
  });
  return exitCode === 0 ? stdout.toString().trim() : "outside of git";
}
