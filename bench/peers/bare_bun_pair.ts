import { join } from "node:path";

// Two of the proxies in Bun, which share a port as the workers of a gateway do.

const command = [process.execPath, join(import.meta.dir, "bare_bun_server.ts")];
const args = [...process.argv.slice(2), "shared"];
const options = { stdin: "ignore", stdout: "inherit", stderr: "inherit" } as const;

await Promise.all([1, 2].map(() => Bun.spawn([...command, ...args], options).exited));
