import { join } from "node:path";
import { signedTarget } from "../signed.ts";
import type { Program } from "./program.ts";

type Library = typeof import("../../../lib/mod.ts");

/** The table of problems, and the one that no request brings about. */
export async function showTable({ root, mask }: Program): Promise<string[]> {
  const { PROBLEMS, createGateway } = (await import(join(root, "lib/mod.ts"))) as Library;
  const gateway = createGateway({
    sources: {
      findApp: () => {
        throw new Error("the database is gone");
      },
    },
  });
  const url = `http://gateway.test${signedTarget("http://gateway.test", "http://api.example/")}`;
  const headers = { "X-Request-Id": "internal" };
  const response = await gateway(new Request(url, { headers }));
  const head = [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
  return [
    `# PROBLEMS\n${JSON.stringify(PROBLEMS, null, 2)}`,
    mask(`# internal_error\n${response.status}\n${head}\n\n${await response.text()}`),
  ];
}
