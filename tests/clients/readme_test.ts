import { describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { SERVE_FLAGS } from "../../lib/cli/arguments/flags.ts";
import { parsePresignedUrl, verifyUrl } from "../../lib/signing/verify.ts";
import packageJson from "../../package.json";
import { folderWith } from "../unit/cli/run_signway.ts";
import { installPythonSdk } from "./python/python_sdk.ts";
import { freePort } from "../support/free_port.ts";
import { acquireLock } from "../support/lock.ts";
import { README, readmeBlock as block, readmeLines } from "../support/readme.ts";
import { requirement } from "../support/requirement.ts";
import { signedTarget } from "../support/signed.ts";
import { waitUntil } from "../support/wait_until.ts";
import { ROOT } from "../support/root.ts";

const API = "https://api.openai.com/v1/";
const SECRET = /secret: "(\w+)"/.exec(README)![1]!;
const sdk = await requirement("signway-sdk from PyPI", installPythonSdk);

/** Runs a script as a reader would, with this Bun as `bun`. */
function shell(script: string, env: Record<string, string>) {
  const PATH = `${process.execPath.replace(/\/[^/]*$/, "")}:${process.env["PATH"]}`;
  return Bun.spawn(["sh", "-ec", script], { cwd: ROOT, env: { ...process.env, ...env, PATH } });
}

describe("README", () => {
  test("its two commands are the package's", () => {
    const commands = block("sh", "run demo").match(/bun@[\d.]+ run \w+/g);
    expect(commands).toEqual(["bun@1.4.5 run demo", "bun@1.4.5 run test"]);
    expect(Object.keys(packageJson.scripts)).toEqual(expect.arrayContaining(["demo", "test"]));
  });

  test("your first signed URL, with the API's address changed", async () => {
    using api = Bun.serve({
      port: 0,
      fetch: (request) => Response.json(Object.fromEntries(request.headers)),
    });
    await using folder = await folderWith();
    const here = (script: string) =>
      script.replaceAll(API, `${api.url}v1/`).replaceAll("sw_secret", folder.path("sw_secret"));
    const port = String(await freePort());

    const start = here(block("sh", "bun server.ts --upstream")).replace(
      "bun server.ts",
      "exec bun server.ts",
    );
    const gateway = shell(start, { PORT: port });
    try {
      const gatewayUrl = `http://localhost:${port}`;
      while (!(await isUp(gatewayUrl))) await Bun.sleep(20);
      const sign = here(block("sh", 'curl "$(bun server.ts sign'));
      const curl = shell(sign.replace(" sign ", ` sign --gateway ${gatewayUrl} `), {});
      expect(await new Response(curl.stdout).json()).toMatchObject({
        authorization: "Bearer sk-your-key",
      });
    } finally {
      gateway.kill();
      await gateway.exited;
    }
  });

  test("signing in TypeScript", async () => {
    const script = `${block("ts", "const url = await signUrl")}\nconsole.log(url);`;
    const output = await Bun.$`${process.execPath} -e ${script}`.cwd(ROOT).text();
    await expectSigned(output.trim());
  });

  test("what a backend answers to createSignedFetch", async () => {
    const folder = mkdtempSync(`${tmpdir()}/signway-readme-`);
    const signer = `${ROOT}/lib/signing/mod.ts`;
    const text = block("ts", "const ALLOWED").replace('"signway"', JSON.stringify(signer));
    writeFileSync(`${folder}/sign.ts`, text);
    const { sign } = await import(`${folder}/sign.ts`);
    const ask = (method: string): Promise<Response> =>
      sign(
        new Request("http://localhost/sign", {
          method: "POST",
          body: JSON.stringify({ method, url: `${API}chat/completions` }),
        }),
        SECRET,
      );
    await expectSigned(await (await ask("POST")).text());
    expect((await ask("DELETE")).status).toBe(403);
    rmSync(folder, { recursive: true });
  });

  test.skipIf("reason" in sdk)("signing in Python", async () => {
    const python = "value" in sdk ? sdk.value : "";
    const script = `${block("python", "sign_url")}\nprint(url)`;
    await expectSigned((await Bun.$`${python} -c ${script}`.text()).trim());
  });

  test("signing on the command line", async () => {
    const folder = mkdtempSync(`${tmpdir()}/signway-readme-`);
    const app = { id: "web", secrets: [SECRET], upstream: [{ url: API }] };
    writeFileSync(`${folder}/signway.json`, JSON.stringify({ app: [app] }));
    const [ofApp] = /^bun server\.ts sign .*$/m.exec(block("sh", "check signway.toml"))!;
    const script = `${block("sh", "sign https://api.openai.com/v1/chat/completions --method POST")}${ofApp}`;
    const run = shell(script.replace("signway.toml", `${folder}/signway.json`), {
      SW_ID: "web",
      SW_SECRET: SECRET,
    });
    const [url, curl, fromFile, ...rest] = (await new Response(run.stdout).text()).split("\n");
    expect(rest).toEqual([""]);
    await expectSigned(url!.replace("http://localhost:3000", "https://gateway.example.com"));
    expect(curl).toStartWith(
      "curl --request POST --header 'content-type: application/json' --data-raw '{",
    );
    expect(parsePresignedUrl(fromFile!.split("?")[1]!).upstream).toBe(`${API}responses`);
    rmSync(folder, { recursive: true });
  });

  test("explaining a URL that is refused", async () => {
    const run = shell(block("sh", 'explain "$url"'), { SW_ID: "web", SW_SECRET: SECRET });
    const text = await new Response(run.stdout).text();
    expect(text).toContain("The URL was signed for the method PUT.");
    expect(text).not.toContain(SECRET);
    expect(await run.exited).toBe(1);
  });

  test("the configuration file, and the command that checks it", async () => {
    const folder = mkdtempSync(`${tmpdir()}/signway-readme-`);
    const previous = `${folder}/sw_previous`;
    writeFileSync(previous, "an-older-secret-of-32-bytes-long\n");
    const text = block("toml", "[[app]]").replace("/run/secrets/sw_previous", previous);
    writeFileSync(`${folder}/signway.toml`, text);
    const [check] = /bun server\.ts check \S+/.exec(block("sh", "check signway.toml"))!;
    const run = shell(check.replace("signway.toml", `${folder}/signway.toml`), {
      SW_SECRET: "a-secret-of-32-bytes-or-so-long.",
      OPENAI_API_KEY: "sk-key",
      SA_SIGNING_SECRET_KEY: "another-secret-of-32-bytes-long.",
    });
    const words = await new Response(run.stdout).text();
    expect(await run.exited).toBe(0);
    expect(words).toContain("POST https://api.openai.com/v1/, with Authorization");
    expect(words).toContain("Route /users/");
    rmSync(folder, { recursive: true });
  });

  test("the binary, with the API's address changed", async () => {
    expect(readmeLines("sh", "./dist/signway-linux-amd64").length).toBeLessThanOrEqual(5);
    using api = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: ({ headers }) => new Response(headers.get("authorization")),
    });
    await using folder = await folderWith();
    using _ = await acquireLock("build");
    const machine = process.arch === "x64" ? "amd64" : "arm64";
    const script = block("sh", "./dist/signway-linux-amd64")
      .replace("--only amd64", `--only ${machine} --out ${folder.path("dist")}`)
      .replace("./dist/signway-linux-amd64", `exec ${folder.path(`dist/signway-linux-${machine}`)}`)
      .replace(API, `${api.url}v1/`);
    const port = await freePort();
    const gateway = shell(script, { PORT: String(port) });
    try {
      const url = `http://127.0.0.1:${port}`;
      await waitUntil("the gateway to listen", () => isUp(url), 30_000);
      const path = signedTarget(url, `${api.url}v1/models`, { id: "ID", secret: "SECRET" });
      const response = await fetch(url + path);
      expect([response.status, await response.text()]).toEqual([200, "Bearer sk-your-key"]);
    } finally {
      gateway.kill();
      await gateway.exited;
    }
  });

  test("the library", async () => {
    const script = `const apps = new Map();\n${block("ts", "createGateway")}\n
      const request = new Request("http://localhost/");
      console.log((await (await gateway(request)).json()).code);
      process.exit();`;
    const file = `${ROOT}/.cache/readme_library.ts`;
    await Bun.write(file, script.replace("Bun.serve({", "Bun.serve({ port: 0,"));
    // The record's status, and the problem's code.
    expect(await Bun.$`${process.execPath} ${file}`.text()).toBe("400\nsignature_missing\n");
    rmSync(file);
  });

  test("reading the stream in the browser's words", async () => {
    using server = Bun.serve({ port: 0, fetch: async (request) => new Response(request.body) });
    const body = block("js", "response.body");
    const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
    const shown: Uint8Array[] = [];
    await AsyncFunction(
      "url",
      "question",
      "show",
      body,
    )(server.url.href, { a: 1 }, (c: Uint8Array) => shown.push(c));
    expect(Buffer.concat(shown).toString()).toBe('{"a":1}');
  });

  test.each([
    "CPU of a small signed GET ÷ nginx with njs",
    "CPU of a small signed GET ÷ bare Bun pass-through",
    "Chat completions a second ÷ Portkey's gateway",
  ])("has the benchmarks' own figure: %s", async (target) => {
    const benchmarks = await Bun.file(`${ROOT}/docs/benchmarks.md`).text();
    const row = benchmarks.split("\n").find((line) => line.startsWith(`| ${target} `));
    const measured = row!.split("|")[3]!.trim();
    expect(README).toMatch(new RegExp(`\\b${measured} times`));
  });

  test("names every option", () => {
    const table = README.slice(README.indexOf("## Options"), README.indexOf("## Errors"));
    const named = [...table.matchAll(/^\|.*?\|/gm)].flatMap(
      ([cell]) => cell.match(/--[a-z0-9-]{3,}/g) ?? [],
    );
    expect(new Set(named.filter((name) => !/^-+$/.test(name)))).toEqual(
      new Set(Object.keys(SERVE_FLAGS).map((name) => `--${name}`)),
    );
  });
});

function isUp(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

async function expectSigned(text: string): Promise<void> {
  const url = new URL(text);
  expect(url.origin).toBe("https://gateway.example.com");
  expect(parsePresignedUrl(url.search.slice(1))).toMatchObject({ id: "web", expires: 60 });
  const request = {
    method: "POST",
    path: url.pathname,
    query: url.search.slice(1),
    headers: new Headers(),
    readBody: () => Promise.reject(new Error("the body is not signed")),
  };
  const findSecrets = () => [SECRET];
  expect((await verifyUrl(request, { findSecrets })).upstream).toBe(`${API}chat/completions`);
}
