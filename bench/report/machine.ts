import { cpus, loadavg, release } from "node:os";
import { readPortkeyVersion } from "../peers/portkey.ts";
import { installedPackages } from "../setup/packages.ts";

/** Describes the machine that the numbers were measured on, in one line. */
export function describeMachine(): string {
  const processors = cpus();
  return `${processors[0]?.model.trim()}, ${processors.length} cores, Linux ${release()}`;
}

/** Lists the versions of Signway, its peers and the tools, in one line. */
export async function describeVersions(): Promise<string> {
  return [
    `Signway ${readCommit()}`,
    `Bun ${Bun.version}`,
    ...installedPackages(),
    `@portkey-ai/gateway ${await readPortkeyVersion()} on Node.js ${readNodeVersion()}`,
  ].join(", ");
}

/** The load average of the last minute; the measurement itself adds about 2. */
export function loadAverage(): string {
  return loadavg()[0]!.toFixed(1);
}

function readNodeVersion(): string {
  return Bun.spawnSync(["node", "--version"]).stdout.toString().trim().slice(1);
}

function readCommit(): string {
  const { exitCode, stdout } = Bun.spawnSync(["git", "describe", "--always", "--dirty"], {
    cwd: import.meta.dir,
    stderr: "ignore",
  });
  return exitCode === 0 ? stdout.toString().trim() : "outside of git";
}
