import { rmSync } from "node:fs";
import { expect, test } from "bun:test";
import { pageBlock } from "../support/code_blocks.ts";
import { ROOT } from "../support/root.ts";

test("docs/library.md has a gateway that works in a server", async () => {
  const shown = await pageBlock("docs/library.md", "ts", "createGateway");
  const script = `const apps = new Map();\n${shown}\n
    const request = new Request("http://localhost/");
    console.log((await (await gateway(request)).json()).code);
    process.exit();`;
  const file = `${ROOT}/.cache/library_page.ts`;
  await Bun.write(file, script.replace("Bun.serve({", "Bun.serve({ port: 0,"));
  // The record's status, and the problem's code.
  expect(await Bun.$`${process.execPath} ${file}`.text()).toBe("400\nsignature_missing\n");
  rmSync(file);
});
