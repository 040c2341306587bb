import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { requirement } from "../support/requirement.ts";

const ROOT = `${import.meta.dirname}/../..`;
const NEEDED = ["/usr/sbin/nginx", "/usr/bin/wrk", "/usr/lib/nginx/modules/ngx_http_js_module.so"];

const peers = await requirement("nginx with njs, and wrk", async () => {
  const missing = NEEDED.filter((path) => !existsSync(path));
  if (missing.length > 0) throw new Error(`there is no ${missing.join(", ")}`);
  return NEEDED;
});

/** Runs the program as `bun run bench` does. */
async function bench(...args: string[]) {
  const child = Bun.spawn([process.execPath, "bench/run.ts", ...args], {
    cwd: ROOT,
    stdout: "pipe",
    stderr: "pipe",
  });
  const [output, errors] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, output, errors };
}

/** The cells of each row of a report's tables, by the row's first cell. */
function rowsOf(report: string): Map<string, string[]> {
  const rows = report.matchAll(/^\| (.*?) +\| (.*) \|$/gm);
  return new Map(
    [...rows].map(([, name, cells]) => [name!, cells!.split("|").map((c) => c.trim())]),
  );
}

describe("bun run bench", () => {
  test.skipIf("reason" in peers)("measures every scenario beside its peers", async () => {
    const { code, output, errors } = await bench("--smoke");
    expect({ code, ...(code !== 0 && { errors }) }).toEqual({ code: 0 });
    const headings = [...output.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual([
      "Small signed GETs",
      "Small signed POSTs with a signed body",
      "Event streams",
      "Big bodies",
      "The verification alone",
    ]);
    const rows = rowsOf(output);
    for (const name of [
      "Signway",
      "nginx, plain proxy",
      "bare Bun pass-through",
      "stage: parse the query",
    ]) {
      expect(Number.parseFloat(rows.get(name)?.[0] ?? "")).toBeGreaterThan(0);
    }
    expect(output).toContain("| nginx with njs ");
    expect(output).not.toContain("NaN");
  });

  test("says what it takes when it is asked for what there is not", async () => {
    const { code, errors } = await bench("nothing");
    expect(code).toBe(2);
    expect(errors).toContain("small_get");
  });
});
