import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import denoJson from "../../../deno.json";
import { parsePresignedUrl } from "../../../lib/signing/verify.ts";
import packageJson from "../../../package.json";
import { pageBlock } from "../../support/code_blocks.ts";
import { ROOT } from "../../support/root.ts";

const TSC = `${ROOT}/node_modules/typescript/bin/tsc`;
const folder = mkdtempSync(`${tmpdir()}/signway-package-`);
const sdk = `${folder}/sdk`;

const LIBRARY = readFileSync(`${ROOT}/docs/library.md`, "utf8");

/** The snippet that signs; it is plain JavaScript too. */
const SNIPPET = await pageBlock("docs/signed_urls.md", "ts", "const url = await signUrl(");

/** The README of the package itself, as one program. */
const GUIDE = `${[
  ...readFileSync(`${ROOT}/build/npm_package/README.md`, "utf8").matchAll(/^```ts\n(.*?)^```/gms),
]
  .map(([, code]) => code)
  .join("\n")}
console.log(await targetOf(new Request(url, { method: "POST" })));
`;
const GUIDE_SAYS = `false The URL was signed for the method POST.
user-1 https://api.openai.com
https://api.openai.com/v1/chat/completions
`;

/** Everything that the package gives away, used as its types say. */
const TYPED = `${SNIPPET}
import { signRequest, signToken } from "signway";
import { explainUrl } from "signway/explain";
import { createSignedFetch, createTokenProvider, type SignedFetch } from "signway/signed-fetch";
import { SignatureError, TokenError, verifyRequest, verifyToken, verifyUrl } from "signway/verify";
export const text: string = url;
export const signedFetch: SignedFetch = createSignedFetch(({ url }) => url);
export const meaning: string = (await explainUrl(url)).parts?.upstream ?? "";
export const isRight: boolean = await verifyRequest({ method: "GET", path: "/" }, "", [
  await signRequest({ method: "GET", path: "/" }, "secret"),
]);
export const token: string = await createTokenProvider(() =>
  signToken({ id: "web", secret: "0123456789abcdef0123456789abcdef", to: ["https://api.example/"] }),
)();
export const path: string | undefined = await verifyToken(token, { findSecrets: () => [""] }).then(
  (it) => it.permits.to?.[0]?.path,
  (error) => (error instanceof TokenError ? error.code : ""),
);
export const id: string = await verifyUrl(
  { method: "GET", path: "/", query: "", headers: new Headers(), readBody: async () => new Uint8Array() },
  { findSecrets: () => ["secret"] },
).then((it) => it.id, (error) => (error instanceof SignatureError ? error.code : ""));
`;

beforeAll(async () => {
  console.log(await run([process.execPath, `${ROOT}/build/npm_package/main.ts`, sdk]));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** How large the file of each entry may be, in bytes: minified, not compressed. */
const LIMITS = {
  ".": 7_600,
  "./explain": 59_000,
  "./signed-fetch": 3_000,
  "./verify": 37_000,
};

const manifest = () => JSON.parse(readFileSync(`${sdk}/package.json`, "utf8"));

test.each(Object.entries(LIMITS))(
  "%s is one file, under %d bytes, as docs/library.md says",
  (entry, limit) => {
    const code = readFileSync(join(sdk, manifest().exports[entry].default));
    expect(new Bun.Transpiler().scan(code).imports).toEqual([]);
    expect(code.length).toBeLessThan(limit);
    const [, promise] =
      LIBRARY.match(`\\| \`${join("signway", entry)}\` .*\\| ([\\d.]+) kB `) ?? [];
    expect(Number(promise) * 1000).toBe(limit);
  },
);

test("it has the entries that its sources have, and depends on nothing", () => {
  const entries = Object.keys(manifest().exports);
  const { "./gateway": _, ...sources } = packageJson.exports;
  expect(sources).toEqual(denoJson.exports);
  expect(entries).toEqual(Object.keys(sources));
  expect(entries).toEqual(Object.keys(LIMITS));
  expect(Object.keys(manifest()).filter((key) => /dependencies|scripts/i.test(key))).toEqual([]);
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
      expect(Bun.file(`${project}/${tarball}`).size).toBeLessThan(80_000);
      writeFileSync(`${project}/package.json`, '{ "private": true, "type": "module" }\n');
      await run([...install, `./${tarball}`], project);

      writeFileSync(`${project}/snippet.js`, `${SNIPPET}\nconsole.log(url);\n`);
      const url = (await run([runtime, "snippet.js"], project)).trim();
      expect(parsePresignedUrl(url.slice(url.indexOf("?") + 1))).toMatchObject({ id: "web" });

      writeFileSync(`${project}/typed.ts`, TYPED);
      const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022"];
      await run([bun, TSC, ...options, "--types", "", "typed.ts"], project);
      writeFileSync(`${project}/guide.ts`, GUIDE);
      await run([bun, TSC, ...options, "--types", "", "guide.ts"], project);
      const outDir = ["--outDir", "guide", "--rootDir", "."];
      await run([bun, TSC, ...options.slice(1), ...outDir, "--types", "", "guide.ts"], project);
      expect(await run([runtime, "guide/guide.js"], project)).toBe(GUIDE_SAYS);

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
