import { describe, expect, test } from "bun:test";
import { flagsOf } from "../../../lib/config/rows/flags_of.ts";
import { SETTINGS } from "../../../lib/config/settings_table.ts";
import { APP, mistakesOfFile, SIGNED_ROUTE } from "./configured.ts";
import { schemaKeys } from "./schema_keys.ts";

const [upstream] = APP.upstream;
const { signature } = SIGNED_ROUTE;

/** A valid configuration with one more key in the table. */
const WITH: Readonly<Record<string, (more: object) => object>> = {
  "": (more) => ({ app: [APP], ...more }),
  "cors.": (more) => ({ app: [APP], cors: more }),
  "app[0].": (more) => ({ app: [{ ...APP, ...more }] }),
  "app[0].cors.": (more) => ({ app: [{ ...APP, cors: more }] }),
  "app[0].tokens.": (more) => ({ app: [{ ...APP, tokens: more }] }),
  "app[0].upstream[0].": (more) => ({ app: [{ ...APP, upstream: [{ ...upstream, ...more }] }] }),
  "route[0].": (more) => ({ route: [{ ...SIGNED_ROUTE, ...more }] }),
  "route[0].cors.": (more) => ({ route: [{ ...SIGNED_ROUTE, cors: more }] }),
  "route[0].signature.": (more) => ({
    route: [{ ...SIGNED_ROUTE, signature: { ...signature, ...more } }],
  }),
};

describe("an unknown key is answered with the nearest right one:", () => {
  test.each([
    ["", "lisen", "listen"],
    ["", "max_expiry", "max_expires"],
    ["", "apps", "app"],
    ["", "routes", "route"],
    ["", "log-level", "log_level"],
    ["", "logLevel", "log_level"],
    ["", "LISTEN", "listen"],
    ["cors.", "allowed_origins", "allow_origins"],
    ["app[0].", "secret", "secrets"],
    ["app[0].", "upstreams", "upstream"],
    ["app[0].cors.", "allow_origin", "allow_origins"],
    ["app[0].tokens.", "required", "require"],
    ["app[0].tokens.", "algorithm", "algorithms"],
    ["app[0].upstream[0].", "redirect", "redirects"],
    ["app[0].upstream[0].", "header", "headers"],
    ["app[0].upstream[0].", "method", "methods"],
    ["app[0].upstream[0].", "allowprivate", "allow_private"],
    ["app[0].upstream[0].", "uri", "url"],
    ["route[0].", "upstreams", "upstream"],
    ["route[0].cors.", "expose_header", "expose_headers"],
    ["route[0].signature.", "maxage", "max_age"],
    ["route[0].signature.", "field", "fields"],
  ])("%s%s: %s", (table, wrong, right) => {
    const [mistake, ...others] = mistakesOfFile(WITH[table]!({ [wrong]: "canary" }));
    expect(mistake).toBe(`${table}${wrong} is unknown: did you mean ${right}?`);
    expect(others).toEqual([]);
  });
});

describe("the name of a flag is answered with the key that it sets:", () => {
  const flags = flagsOf(SETTINGS).map(({ name, path }) => [name, path.join(".")] as const);
  const names = flags.flatMap(([name, key]) =>
    [...new Set([name, name.replaceAll("-", "_")])].map((wrong) => [wrong, key] as const),
  );

  test.each(names.filter(([name, key]) => name !== key))("%s: %s", (wrong, right) => {
    expect(mistakesOfFile(WITH[""]!({ [wrong]: "canary" }))).toEqual([
      `${wrong} is unknown: did you mean ${right}?`,
    ]);
  });

  test("--host and --port set listen", () => {
    expect(Object.fromEntries(flags)).toMatchObject({ host: "listen", port: "listen" });
  });
});

describe("a key that is near no other is answered with all of its table:", () => {
  const keysOf = (table: string): string[] => {
    const prefix = table.replaceAll("[0]", "[]");
    return schemaKeys()
      .map(({ name }) => name)
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length))
      .filter((name) => !/[.[]/.test(name));
  };
  test.each(Object.keys(WITH))("%s", (table) => {
    const [mistake] = mistakesOfFile(WITH[table]!({ something_else: 1 }));
    const [start, list = ""] = mistake!.split("; the known keys are ");
    expect(start).toBe(`${table}something_else is unknown`);
    expect(list.split(", ").sort()).toEqual(keysOf(table).sort());
  });

  test.each(["retries", "proxy", "tls", "name"])("%s is not taken for a short one", (key) => {
    expect(mistakesOfFile(WITH[""]!({ [key]: 1 }))[0]).toStartWith(
      `${key} is unknown; the known keys are`,
    );
  });
});

test("several unknown keys of one table are reported one by one", () => {
  expect(mistakesOfFile({ app: [APP], lisen: 1, explian: 1 })).toEqual([
    "lisen is unknown: did you mean listen?",
    "explian is unknown: did you mean explain?",
  ]);
});

test.each(["__proto__", "constructor", "toString"])("%s is an unknown key like another", (key) => {
  const shape = JSON.parse(`{"app": [${JSON.stringify(APP)}], "${key}": {"explain": true}}`);
  expect(mistakesOfFile(shape as object)).toEqual([expect.stringContaining(`${key} is unknown`)]);
});

test("$schema is known at the top, for editors", () => {
  expect(mistakesOfFile({ $schema: "./signway.schema.json", app: [APP] })).toEqual([]);
});
