import { describe, expect, test } from "bun:test";
import { stat } from "node:fs/promises";
import { API_NAMES, CREDENTIALS } from "../../../lib/cli/arguments/init_flags.ts";
import { KNOWN_APIS } from "../../../lib/cli/support/init/known_apis.ts";
import { finished } from "../../support/finished.ts";
import { freePort } from "../../support/free_port.ts";
import { chunk, startUpstream } from "../../support/raw_upstream.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { folderWith } from "../../support/folder.ts";
import { PROGRAM } from "../../support/run_signway.ts";

const CASES = [...API_NAMES, "other"].flatMap((api) =>
  CREDENTIALS.map((credential) => ({ api, credential })),
);

const STREAMED =
  "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n" +
  chunk("data: of the upstream\n\n") +
  chunk("");

/** Runs a script of bash in which `signway` is the program. */
async function bash(script: string, cwd: string, env: Record<string, string> = {}) {
  const { PATH = "", HOME = "" } = process.env;
  const define = `signway() { ${PROGRAM} "$@"; }`;
  return await finished(
    Bun.spawn(["bash", "-euc", `${define}\n${script}`], {
      cwd,
      env: { PATH, HOME, ...env },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    }),
  );
}

/** The commands of a numbered step. */
function commandsOf(output: string, step: number): string[] {
  const [, block = ""] = output.split(new RegExp(`^${step}\\. .*\\n`, "m"));
  return block
    .split("\n\n")[0]!
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}

describe("the commands that signway init prints stream a response through a gateway:", () => {
  test.each(CASES)("$api with a $credential", async ({ api, credential }) => {
    await using upstream = await startUpstream(() => [STREAMED]);
    await using folder = await folderWith();
    const [here, port] = [folder.path("."), await freePort()];
    const name = api === "other" ? `${upstream.url}/v1/` : api;
    const written = await bash(`signway init --api ${name} --credential ${credential}`, here);
    expect(written).toMatchObject({ code: 0, stderr: "" });

    // The stand-in has the place of the API, and a free port that of 3000.
    const known = KNOWN_APIS[api as keyof typeof KNOWN_APIS];
    const local = (text: string): string =>
      text
        .replaceAll(known ? new URL(known.url).origin : upstream.url, upstream.url)
        .replaceAll("127.0.0.1:3000", `127.0.0.1:${port}`);
    const file = folder.path("signway.toml");
    await Bun.write(file, local(await Bun.file(file).text()));
    const steps = [1, 2, 3, 4].map((step) => commandsOf(local(written.stdout), step));

    expect(await bash(steps[0]!.join("\n"), here)).toMatchObject({ code: 0, stderr: "" });
    expect((await stat(folder.path("sw_secret"))).mode & 0o777).toBe(0o600);
    const terminal = steps[1]!.map((command) => command.replace("your key", "the-operators-key"));
    const [check, start] = steps[2]!;
    expect((await bash([...terminal, check!].join("\n"), here)).code).toBe(0);

    const gateway = Bun.spawn(
      ["bash", "-euc", [...terminal, start!.replace("signway", `exec ${PROGRAM}`)].join("\n")],
      { cwd: here, stdin: "ignore", stdout: "ignore", stderr: "ignore" },
    );
    try {
      await waitUntil("the gateway to listen", () =>
        fetch(`http://127.0.0.1:${port}/`, { method: "OPTIONS" }).then(
          () => true,
          () => false,
        ),
      );
      const called = await bash([...terminal, ...steps[3]!].join("\n"), here);
      expect(called.stdout).toBe("data: of the upstream\n\n");
      const [request] = upstream.requests;
      const [header, value] = known?.header ?? ["Authorization", "Bearer ${API_KEY}"];
      expect(request!.all(header.toLowerCase())).toEqual([
        value.replace(/\$\{\w+\}/, "the-operators-key"),
      ]);
    } finally {
      gateway.kill();
      await gateway.exited;
    }
  });
});
