import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import { gzipSync } from "node:zlib";
import { parsePresignedUrl } from "../../lib/signing/mod.ts";

const ROOT = dirname(dirname(import.meta.dirname));
const TSC = `${ROOT}/node_modules/typescript/bin/tsc`;
const folder = mkdtempSync(`${tmpdir()}/signway-package-`);
const sdk = `${folder}/sdk`;

/** The README's snippet that signs; it is plain JavaScript too. */
const SNIPPET = [...readFileSync(`${ROOT}/README.md`, "utf8").matchAll(/^```ts\n(.*?)^```/gms)]
  .map(([, code]) => code!)
  .find((code) => code.includes("signUrl("))!;

/** Everything that the package gives away, used as its types say. */
const TYPED = `${SNIPPET}
import { signRequest, SignatureError, verifyRequest, verifyUrl } from "signway";
import { explainUrl } from "signway/explain";
import { createSignedFetch, type SignedFetch } from "signway/signed-fetch";
export const text: string = url;
export const signedFetch: SignedFetch = createSignedFetch(({ url }) => url);
export const meaning: string = (await explainUrl(url)).parts?.upstream ?? "";
export const isRight: boolean = await verifyRequest({ method: "GET", path: "/" }, "", [
  await signRequest({ method: "GET", path: "/" }, "secret"),
]);
export const id: string = await verifyUrl(
  { method: "GET", path: "/", query: "", headers: new Headers(), readBody: async () => new Uint8Array() },
  { findSecrets: () => ["secret"] },
).then((it) => it.id, (error) => (error instanceof SignatureError ? error.code : ""));
`;

beforeAll(async () => {
  console.log(await run([process.execPath, `${ROOT}/deploy/sdk/build.ts`, sdk]));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

test("mod.js is under 5 kB in gzip, signed_fetch.js under 2 kB as it is", () => {
  const code = (name: string) => readFileSync(`${sdk}/${name}`);
  expect(gzipSync(code("mod.js"), { level: 9 }).length).toBeLessThan(5_000);
  expect(code("signed_fetch.js").length).toBeLessThan(2_000);
});

test("it depends on nothing", async () => {
  const manifest = await Bun.file(`${sdk}/package.json`).json();
  expect(Object.keys(manifest).filter((key) => /dependencies|scripts/i.test(key))).toEqual([]);
  for (const name of ["mod.js", "explain.js", "signed_fetch.js"]) {
    const { imports } = new Bun.Transpiler().scan(await Bun.file(`${sdk}/${name}`).text());
    expect(imports).toEqual([]);
  }
});

describe("installed into an empty project", () => {
  const bun = process.execPath;
  const NPM = ["npm", "--no-audit", "--no-fund", "--no-update-notifier", "--offline"];
  // A packer, an installer, and what runs the snippet.
  const ways: [name: string, pack: string[], install: string[], run: string][] = [
    [
      "by npm, for Node",
      ["npm", "pack", "--silent", "--pack-destination"],
      [...NPM, "install"],
      "node",
    ],
    ["by bun, for Bun", [bun, "pm", "pack", "--quiet", "--destination"], [bun, "add"], bun],
  ];
  test.each(ways)(
    "%s",
    async (_, pack, install, runtime) => {
      const project = mkdtempSync(`${folder}/project-`);
      await run([...pack, project], sdk);
      const [tarball = ""] = [...new Bun.Glob("*.tgz").scanSync(project)];
      console.log(`${tarball}: ${Bun.file(`${project}/${tarball}`).size} bytes`);
      expect(Bun.file(`${project}/${tarball}`).size).toBeLessThan(40_000);
      writeFileSync(`${project}/package.json`, '{ "private": true, "type": "module" }\n');
      await run([...install, `./${tarball}`], project);

      writeFileSync(`${project}/snippet.js`, `${SNIPPET}\nconsole.log(url);\n`);
      const url = (await run([runtime, "snippet.js"], project)).trim();
      expect(parsePresignedUrl(url.slice(url.indexOf("?") + 1))).toMatchObject({ id: "web" });

      writeFileSync(`${project}/typed.ts`, TYPED);
      const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022"];
      await run([bun, TSC, ...options, "--types", "", "typed.ts"], project);
      writeFileSync(`${project}/wrong.ts`, TYPED.replace("expires: 60,", 'expires: "60",'));
      const wrong = run([bun, TSC, ...options, "--types", "", "wrong.ts"], project);
      await expect(wrong).rejects.toThrow("TS2322");
    },
    60_000,
  );
});

async function run(command: string[], cwd = ROOT): Promise<string> {
  const child = Bun.spawn(command, { cwd, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [output, complaint] = await Promise.all(
    [child.stdout, child.stderr].map((stream) => new Response(stream).text()),
  );
  if ((await child.exited) !== 0) throw new Error(`${command.join(" ")}: ${complaint}${output}`);
  return output ?? "";
}
