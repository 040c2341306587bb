import { describe, expect, test } from "bun:test";
import { mistakesOf } from "../cli/command_line.ts";
import { complaints, runSignway } from "../../support/run_signway.ts";
import { checkConfig } from "../../../lib/config/check_config.ts";
import type { ConfigPath } from "../../../lib/config/config_path.ts";
import { createAuthority } from "../../support/certificates.ts";
import { APP, ROUTE, SIGNED_ROUTE } from "./configured.ts";
import { FORMATS } from "./formats.ts";

/** A mistake in each kind of place that a key can have. */
const MARKED = {
  mark_top: 1,
  cors: { mark_table: ["a"] },
  app: [
    APP,
    {
      ...APP,
      id: "other",
      mark_item: 1,
      "mark quoted": { a: 1 },
      upstream: [...APP.upstream, { url: "https://b.example/", mark_deep: 1 }],
    },
  ],
};

const mistakesIn = (file: string, text: string, args: string[] = []) =>
  mistakesOf(["--config", file, ...args], { files: { [file]: text } });

describe("a mistake is told with its line", () => {
  test.each([...FORMATS])("in %s, wherever it is", (extension, write) => {
    const text = write(MARKED);
    const lines = text.split("\n");
    const found = mistakesIn(`a.${extension}`, text).map((mistake) => {
      const [, name = "", line] = /(mark.\w+) \(line (\d+)\) is unknown/.exec(mistake) ?? [];
      return { name, line: lines[Number(line) - 1] };
    });
    expect(found.map(({ name }) => name).toSorted()).toEqual([
      "mark quoted",
      "mark_deep",
      "mark_item",
      "mark_table",
      "mark_top",
    ]);
    for (const { name, line } of found) expect(line).toContain(name);
  });

  test("of an item of a list, of a table on one line, and of a key with dots", () => {
    const text = [
      "[[app]]",
      'id = "web"',
      "secrets = [",
      '  "a secret of more than 32 bytes, as tokens need",',
      '  "${UNSET}",',
      "]",
      "limits.mark = 1",
      "upstream = [",
      '  { url = "https://a.example/" },',
      '  { url = "https://b.example/", mark = 1 },',
      "]",
    ].join("\n");
    expect(mistakesIn("a.toml", text).map((mistake) => mistake.split(":")[0])).toEqual([
      "app[0].secrets[1] (line 5)",
      expect.stringMatching(/^app\[0\]\.limits\.mark \(line 7\) is unknown/),
      expect.stringMatching(/^app\[0\]\.upstream\[1\]\.mark \(line 10\) is unknown/),
    ]);
  });

  test("of the table that lacks a key", () => {
    const text = '\n[[app]]\nid = "web"\n\n[[app.upstream]]\nmethods = ["GET"]\n';
    expect(mistakesIn("a.toml", text)).toEqual([
      "app[0].secrets (line 2) is missing: it must be a list",
    ]);
  });

  test("of both that contradict each other", () => {
    const [, write] = FORMATS[0]!;
    const text = write({ app: [APP, APP] });
    const [mistake] = mistakesIn("a.toml", text);
    expect(mistake).toMatch(/^app\[1\]\.id \(line \d+\) is already the id of app\[0\] \(line 1\)$/);
  });

  test.each([...FORMATS])("in %s behind a byte-order mark", (extension, write) => {
    const text = write({ mark: 1, app: [APP] });
    const line = text.split("\n").findIndex((written) => written.includes("mark")) + 1;
    expect(mistakesIn(`a.${extension}`, `\ufeff${text}`)).toEqual([
      expect.stringMatching(new RegExp(`^mark \\(line ${line}\\) is unknown`)),
    ]);
  });

  test("but not in a file that only the parser of the configuration accepts", () => {
    const text = "mark = 2026-02-30\nother = 1\n";
    expect(
      mistakesIn("a.toml", text).filter((mistake) => /^(mark|other) is/.test(mistake)),
    ).toHaveLength(2);
  });

  test("but a flag has none, nor has an app of the command line", () => {
    const [, write] = FORMATS[0]!;
    const text = `drain = "5x"\n${write({ app: [APP] })}`;
    expect(mistakesIn("a.toml", text, ["--drain", "x", "--id", "b"])).not.toContainEqual(
      expect.stringContaining("line"),
    );
  });

  test("and nor has a file of one line", () => {
    expect(mistakesIn("a.json", '{"app": [], "mark": 1}\n')).toContainEqual(
      expect.stringMatching(/^mark is unknown/),
    );
  });

  test("by signway check", async () => {
    const files = { "a.toml": 'drain = "5x"\nroute = [\n  {},\n]\n' };
    const run = await runSignway(["check", "a.toml"], { files });
    expect(run.code).toBe(2);
    expect(complaints(run)[0]).toStartWith("drain (line 1) must be a whole number of seconds");
    expect(complaints(run).slice(1)).toContainEqual(
      expect.stringMatching(/^route\[0\]\.path \(line 3\) is missing/),
    );
  });
});

test("a configuration without a mistake names no value, and so need not be parsed again", async () => {
  await using authority = await createAuthority();
  const { cert, key } = await authority.issue();
  const files: Record<string, string> = {
    "cert.pem": cert,
    "key.pem": key,
    "keys.json": '{"keys": []}',
    "prices.json": "{}",
  };
  const tls = { tls_cert: "cert.pem", tls_key: "key.pem", upstream_ca: "cert.pem" };
  const tokens = {
    algorithms: ["ES256"],
    jwks: "file:keys.json",
    issuer: "https://issuer.example",
    audience: "gateway",
  };
  const aws = { region: "a", service: "b", from: "container" };
  const signature = { ...SIGNED_ROUTE.signature, timestamp_field: "HTTP_DATE", max_age: 60 };
  const input = {
    ...tls,
    prices: "prices.json",
    admin: "127.0.0.1:13090",
    admin_token: "a-token-of-16-bytes-and-more",
    app: [
      { ...APP, tokens, limits: { subject: { uses: 5 } }, upstream: [{ ...APP.upstream[0], aws }] },
    ],
    route: [ROUTE, { ...SIGNED_ROUTE, signature: { ...signature, fields: ["path", "HTTP_DATE"] } }],
    policy: [{ name: "cheap", models: ["a"], tokens: 5 }],
  };
  const describePath = (path: ConfigPath) => {
    throw new Error(`${path.join(".")} was named`);
  };
  expect(() => checkConfig(input, { describePath, read: (path) => files[path] })).not.toThrow();
});

test.each([
  ["app", '[app]\nid = "web"\n', "[[app]]"],
  ["app[0].upstream", '[[app]]\n[app.upstream]\nurl = "https://a.example/"\n', "[[app.upstream]]"],
])("a lone table in place of a list of them: %s", (name, text, header) => {
  const [mistake, ...others] = mistakesIn("a.toml", text).filter((each) => each.startsWith(name));
  expect(mistake).toMatch(
    new RegExp(`^${RegExp.escape(name)} \\(line \\d\\) must be a list: in TOML, write `),
  );
  expect(mistake).toEndWith(header);
  if (name === "app") expect(others).toEqual([]);
});
