import { describe, expect, test } from "bun:test";
import { folderWith } from "../../support/folder.ts";
import { runSignway } from "../../support/run_signway.ts";
import { requirement } from "../../support/requirement.ts";
import { ROOT } from "../../support/root.ts";

const DEPLOY = `${ROOT}/deploy`;
const UNIT = await Bun.file(`${DEPLOY}/signway.service`).text();

const systemd = await requirement("systemd-analyze, of the Debian package systemd", async () => {
  const path = Bun.which("systemd-analyze");
  if (!path) throw new Error("systemd-analyze is not in PATH");
  return await Promise.resolve(path);
});

/** What an older systemd does not know, and says so. */
const NEWER = /Unknown key(?: name)? '(?:RestartSteps|RestartMaxDelaySec)'/;

const valueOf = (key: string) => new RegExp(`^${key}=(.*)$`, "m").exec(UNIT)?.[1] ?? "";

describe.skipIf("reason" in systemd)("the unit", () => {
  const analyze = "value" in systemd ? systemd.value : "";

  test("is one that systemd accepts", async () => {
    await using folder = await folderWith({
      "signway.service": UNIT.replace(/^ExecStart=\S+/m, "ExecStart=/bin/true"),
    });
    const run = await Bun.$`${analyze} verify --man=no ${folder.path("signway.service")}`
      .nothrow()
      .quiet();
    const complaints = run.stderr
      .toString()
      .split("\n")
      .filter((line) => line.includes("signway"));
    expect(complaints.filter((line) => !NEWER.test(line))).toEqual([]);
    expect(run.exitCode).toBe(0);
  });

  test("is exposed no more than 1.5 of 10, as systemd counts", async () => {
    const unit = `${DEPLOY}/signway.service`;
    const run = await Bun.$`${analyze} security --no-pager --offline=true --threshold=15 ${unit}`
      .nothrow()
      .quiet();
    expect(run.stdout.toString()).toContain("Overall exposure level");
    expect(run.exitCode).toBe(0);
  });
});

test("the unit's command accepts the configuration beside it, with its credentials", async () => {
  const [, command, flag, file] = valueOf("ExecStart").split(" ");
  expect([command, flag, file]).toEqual(["serve", "--config", "/etc/signway/signway.toml"]);
  const id = valueOf("LoadCredential").split(":")[0];
  const text = await Bun.file(`${DEPLOY}/signway.toml`).text();
  expect(text).toContain(`-p LoadCredential=${valueOf("LoadCredential")} signway check ${file}\n`);
  await using folder = await folderWith({
    [`${id}_sw_secret`]: "a-secret-of-32-bytes-or-so-long.\n",
    [`${id}_openai_api_key`]: "sk-canary\n",
  });
  const args = ["check", `${DEPLOY}/signway.toml`];
  const checked = await runSignway(args, { env: { CREDENTIALS_DIRECTORY: folder.path(".") } });
  expect(checked).toMatchObject({ code: 0, stderr: "" });
  expect(checked.stdout).toContain("https://api.openai.com/v1/, with Authorization");
  expect(checked.stdout).not.toContain("canary");
  expect((await runSignway(args)).stderr).toContain("$CREDENTIALS_DIRECTORY, which systemd sets");
});

test("the unit gives up on a mistake in the configuration, and tries again otherwise", async () => {
  expect(valueOf("Restart")).toBe("on-failure");
  const { code } = await runSignway(["serve", "--config", "/nonexistent.toml"]);
  expect(valueOf("RestartPreventExitStatus")).toBe(String(code));
});
