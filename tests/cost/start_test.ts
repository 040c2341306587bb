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

test("a start loads what each needs, and no other command, export, metrics, prices or YAML", async () => {
  const { packages, files } = await loadedModules("lib/cli/main.ts");
  expect(packages).toEqual(["ipaddr.js", "jose", "leven", "pino", "re2js", "smol-toml", "zod"]);
  const inFolder = (folder: string) => files.filter((path) => path.startsWith(`lib/${folder}/`));
  expect(inFolder("cli/commands")).toEqual(["lib/cli/commands/serve.ts"]);
  expect(inFolder("runtime/observe/otlp")).toEqual([]);
  expect(files).not.toContain("lib/runtime/process/supervise.ts");
  expect(files).not.toContain("lib/runtime/admin/admin.ts");
});
