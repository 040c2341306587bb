import { expect, test } from "bun:test";
import { loadedModules } from "./loaded_modules.ts";

test("the program relaunches itself before it has loaded more than six small files", async () => {
  expect(await loadedModules("server.ts")).toEqual({
    files: [
      "lib/cli/arguments/commands.ts",
      "lib/cli/start.ts",
      "lib/runtime/process/descriptors.ts",
      "lib/runtime/process/program_arguments.ts",
      "lib/runtime/process/relaunch.ts",
      "server.ts",
    ],
    packages: [],
  });
});

test("a start loads the packages that each needs, and none for metrics, prices and YAML", async () => {
  const { packages, files } = await loadedModules("lib/cli/main.ts");
  expect(packages).toEqual(["ipaddr.js", "jose", "leven", "pino", "re2js", "smol-toml", "zod"]);
  expect(files).not.toContain("lib/runtime/process/supervise.ts");
  expect(files).not.toContain("lib/runtime/admin/admin.ts");
});
