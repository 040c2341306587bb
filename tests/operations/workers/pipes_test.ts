import { describe, expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { createAuthority } from "../../support/certificates.ts";
import { CREDENTIAL, startGateway } from "../../support/gateway.ts";
import { signedExchange } from "../../support/signed_exchange.ts";
import { waitFor } from "../../support/wait_for.ts";
import { type Folder, folderWith } from "../../support/folder.ts";
import { PROGRAM } from "../../support/run_signway.ts";

const authority = await createAuthority();

/** A configuration whose app has this secret, or the reference to one. */
const configWith = (secret: string): string =>
  JSON.stringify({ app: [{ id: CREDENTIAL.id, secrets: [secret], upstream: [{}] }] });

/** Ways to give the program what can be read only once: a script that runs it as `"$@"`. */
const WAYS: Readonly<Record<string, { script: string; config: string; args: string[] }>> = {
  "a FIFO as configuration": {
    script: `mkfifo pipe.json; cat config.json > pipe.json & exec "$@"`,
    config: configWith(CREDENTIAL.secret),
    args: ["--config", "pipe.json"],
  },
  "a link to a descriptor as configuration": {
    script: `ln -s /dev/fd/3 link.json; exec "$@" 3< <(cat config.json)`,
    config: configWith(CREDENTIAL.secret),
    args: ["--config", "link.json"],
  },
  "a secret from a descriptor": {
    script: `exec "$@" 3< <(printf %s "$SW_SECRET")`,
    config: configWith("${file:/dev/fd/3}"),
    args: ["--config", "config.json"],
  },
  "a secret from a descriptor of a file": {
    script: `printf %s "$SW_SECRET" > secret; exec "$@" 3< secret`,
    config: configWith("${file:/proc/self/fd/3}"),
    args: ["--config", "config.json"],
  },
  "certificates of a process": {
    script: `exec "$@" --upstream-ca <(cat ca.pem)`,
    config: configWith(CREDENTIAL.secret),
    args: ["--config", "config.json"],
  },
};

async function folderFor(config: string): Promise<Folder> {
  const folder = await folderWith({ "config.json": config });
  await writeFile(folder.path("ca.pem"), authority.ca);
  return folder;
}

/** The command that runs this one in the folder, through the script. */
const inScript = (folder: Folder, script: string, command: string[]): string[] => [
  ...["bash", "-c", `cd "$0" && ${script}`, folder.path(".")],
  ...command,
];

describe.each(Object.entries(WAYS))("%s is read once", (_, { script, config, args }) => {
  test.each([1, 2])("with %i workers, and serves, after a reload too", async (workers) => {
    await using folder = await folderFor(config);
    await using gateway = await startGateway({
      command: inScript(folder, script, [PROGRAM]),
      args: [...args, "--workers", `${workers}`],
    });
    const count = (text: string) => gateway.lines().filter(({ msg }) => msg === text).length;
    const status = async () => (await signedExchange(gateway, "http://127.0.0.1:1/")).status;
    await waitFor("all workers", () => count("listening") === workers);
    expect(await status()).toBe(403);
    gateway.kill("SIGHUP");
    await waitFor("the reload", () => count("configuration loaded") === workers);
    expect(count("configuration ignored")).toBe(0);
    expect(await status()).toBe(403);
    expect(await gateway.stop()).toBe(0);
  });

  test.each([
    ["sign", ["sign", "https://api.example.com/", "--config"], 0],
    ["explain", ["explain", "https://example.com/", "--app", CREDENTIAL.id, "--config"], 1],
    ["check", ["check"], 0],
  ])("by %s", async (_name, command, code) => {
    if (script.includes("--upstream-ca")) return;
    await using folder = await folderFor(config);
    const child = Bun.spawn(inScript(folder, script, [PROGRAM, ...command, args[1]!]), {
      env: { PATH: process.env["PATH"] ?? "", SW_SECRET: CREDENTIAL.secret },
      stdio: ["ignore", "pipe", "pipe"],
    });
    expect([await child.exited, await new Response(child.stderr).text()]).toEqual([code, ""]);
  });
});
