import { afterAll, beforeAll, expect, test } from "bun:test";
import { dirname, join } from "node:path";
import { openApi } from "../../../lib/runtime/admin/api/open_api.ts";
import { installPythonPackages } from "../../support/virtual_environment.ts";
import { requirement } from "../../support/requirement.ts";
import { ROOT } from "../../support/root.ts";
import {
  ADMIN_TOKEN,
  type AdminGateway,
  ask,
  startAdmin,
  startEndless,
  tokenOf,
} from "./revoking_stage.ts";

const upstream = startEndless();
const python = await requirement("schemathesis", () =>
  installPythonPackages("schemathesis", ["schemathesis==4.32.5"]),
);
let gateway: AdminGateway;

beforeAll(async () => {
  gateway = await startAdmin(upstream.url);
  // So that rows of usage are checked too.
  for (const jti of ["one", "two"])
    await ask(gateway, upstream.host, await tokenOf({ jti, subject: jti }));
  await ask(gateway, upstream.host, await tokenOf({ now: new Date(0) }));
  await gateway.revoke({ app: "test-app", subject: "someone" });
}, 120_000);
afterAll(async () => {
  await gateway.stop();
  upstream.stop();
});

test("docs/admin-api.json describes the endpoints", async () => {
  expect(await Bun.file(`${ROOT}/docs/admin-api.json`).json()).toEqual(openApi());
});

test.skipIf("reason" in python)(
  "what is served is what docs/admin-api.json says, for generated requests",
  async () => {
    if ("reason" in python) return;
    const command = [
      join(dirname(python.value), "schemathesis"),
      ...["run", `${ROOT}/docs/admin-api.json`, "--url", gateway.admin],
      ...["--header", `Authorization: Bearer ${ADMIN_TOKEN}`],
      ...["--checks", "all", "--exclude-checks", "ignored_auth,positive_data_acceptance"],
      ...["--phases", "examples,coverage,fuzzing", "--max-examples", "15", "--seed", "1"],
      ...["--generation-database", "none", "--no-color"],
    ];
    const child = Bun.spawn(command, {
      // It keeps files of its own there.
      cwd: `${ROOT}/.cache`,
      stdout: "pipe",
      stderr: "pipe",
      env: { ...process.env, NO_COLOR: "1" },
    });
    const [output, complaints] = await Promise.all(
      [child.stdout, child.stderr].map((stream) => new Response(stream).text()),
    );
    const code = await child.exited;
    if (code !== 0) throw new Error(`${output}\n${complaints}`);
    expect(output).toMatch(/No issues found|passed/);
  },
  240_000,
);
