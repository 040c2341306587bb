import { existsSync } from "node:fs";

/** A file that each package installs. */
const PACKAGES: Record<string, string> = {
  nginx: "/usr/sbin/nginx",
  "libnginx-mod-http-js": "/usr/lib/nginx/modules/ngx_http_js_module.so",
  "redis-server": "/usr/bin/redis-server",
  wrk: "/usr/bin/wrk",
};

/** Installs the Debian packages that the measurements need; only root can do that. */
export function ensurePackages(): void {
  const missing = Object.keys(PACKAGES).filter((name) => !existsSync(PACKAGES[name]!));
  if (missing.length === 0) return;
  const install = ["apt-get", "install", "--yes", "--no-install-recommends", ...missing];
  if (process.getuid?.() !== 0) throw new Error(`First run, as root: ${install.join(" ")}`);
  runCommand(["apt-get", "update"]);
  runCommand(install);
}

function runCommand(command: string[]): void {
  const { exitCode } = Bun.spawnSync(command, {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    stdout: 2,
    stderr: "inherit",
  });
  if (exitCode !== 0) throw new Error(`${command.join(" ")} failed with ${exitCode}`);
}

/** The Debian packages with their versions, such as `nginx 1.22.1-9`. */
export function installedPackages(): string[] {
  return Object.keys(PACKAGES).map((name) => `${name} ${readVersion(name)}`);
}

function readVersion(name: string): string {
  return Bun.spawnSync(["dpkg-query", "--show", "--showformat=${Version}", name]).stdout.toString();
}
