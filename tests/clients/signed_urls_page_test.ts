import { describe, expect, test } from "bun:test";
import { folderWith } from "../support/folder.ts";
import { expectSigned } from "../support/expect_signed.ts";
import { pageShell } from "../support/page_shell.ts";
import { codeBlock } from "../support/code_blocks.ts";
import { requirement } from "../support/requirement.ts";
import { ROOT } from "../support/root.ts";
import { installPythonSdk } from "./python/python_sdk.ts";

const PAGE = await Bun.file(`${ROOT}/docs/signed_urls.md`).text();
const API = "https://api.openai.com/v1/";
const SECRET = /secret: "(\w+)"/.exec(PAGE)![1]!;
const SIGNER = { SW_ID: "web", SW_SECRET: SECRET };
const sdk = await requirement("signway-sdk from PyPI", installPythonSdk);
const block = (language: string, needle: string) => codeBlock(PAGE, language, needle);

describe("docs/signed_urls.md", () => {
  test("signing in TypeScript", async () => {
    const script = `${block("ts", "const url = await signUrl")}\nconsole.log(url);`;
    const output = await Bun.$`${process.execPath} -e ${script}`.cwd(ROOT).text();
    await expectSigned(output.trim(), SECRET);
  });

  test("what a backend answers to createSignedFetch", async () => {
    const signer = JSON.stringify(`${ROOT}/lib/signing/mod.ts`);
    await using folder = await folderWith({
      "sign.ts": block("ts", "const ALLOWED").replace('"signway"', signer),
    });
    const { sign } = await import(folder.path("sign.ts"));
    const ask = (method: string): Promise<Response> =>
      sign(
        new Request("http://localhost/sign", {
          method: "POST",
          body: JSON.stringify({ method, url: `${API}chat/completions` }),
        }),
        SECRET,
      );
    await expectSigned(await (await ask("POST")).text(), SECRET);
    expect((await ask("DELETE")).status).toBe(403);
  });

  test.skipIf("reason" in sdk)("signing in Python", async () => {
    const python = "value" in sdk ? sdk.value : "";
    const script = `${block("python", "sign_url")}\nprint(url)`;
    await expectSigned((await Bun.$`${python} -c ${script}`.text()).trim(), SECRET);
  });

  test("signing on the command line", async () => {
    const run = pageShell(
      block("sh", "sign https://api.openai.com/v1/chat/completions --method POST"),
      SIGNER,
    );
    const [url, curl, ...rest] = (await new Response(run.stdout).text()).split("\n");
    expect(rest).toEqual([""]);
    await expectSigned(
      url!.replace("http://localhost:3000", "https://gateway.example.com"),
      SECRET,
    );
    expect(curl).toStartWith(
      "curl --request POST --header 'content-type: application/json' --data-raw '{",
    );
  });

  test("explaining a URL that is refused", async () => {
    const run = pageShell(block("sh", 'explain "$url"'), SIGNER);
    const text = await new Response(run.stdout).text();
    expect(text).toContain("The URL was signed for the method PUT.");
    expect(text).not.toContain(SECRET);
    expect(await run.exited).toBe(1);
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
});
