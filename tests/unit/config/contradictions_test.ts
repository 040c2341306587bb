import { describe, expect, test } from "bun:test";
import { APP, mistakesOfFile, ROUTE } from "./configured.ts";

const A = "https://a.example/";
const appWith = (...upstream: object[]): object => ({ app: [{ ...APP, upstream }] });

describe("a rule that can never match is reported:", () => {
  test.each<[string, object[], string]>([
    ["the same twice", [{ url: A }, { url: A }], "1"],
    ["the same in another spelling", [{ url: A }, { url: "HTTPS://A.EXAMPLE:443" }], "1"],
    [
      "one method of many",
      [
        { url: A, methods: ["GET", "POST"] },
        { url: A, methods: ["GET"] },
      ],
      "1",
    ],
    ["any method before one", [{ url: A }, { url: A, methods: ["POST"] }], "1"],
    ["two without a url", [{}, {}], "1"],
    ["the third", [{ url: A }, { url: "https://b.example/" }, { url: A }], "2"],
    [
      "methods that two others share",
      [
        { url: A, methods: ["GET"] },
        { url: A, methods: ["POST"] },
        { url: A, methods: ["POST", "GET"] },
      ],
      "2",
    ],
  ])("%s", (_, upstream, index) => {
    const mistakes = mistakesOfFile(appWith(...upstream));
    expect(mistakes).toEqual([
      expect.stringContaining(`app[0].upstream[${index}] can never match`),
    ]);
  });

  test("one without any method", () => {
    expect(mistakesOfFile(appWith({ url: A, methods: [] }))).toEqual([
      expect.stringMatching(/^app\[0\]\.upstream\[0\]\.methods /),
    ]);
  });

  test.each<[string, object[]]>([
    [
      "another method",
      [
        { url: A, methods: ["GET"] },
        { url: A, methods: ["POST"] },
      ],
    ],
    ["one method before any", [{ url: A, methods: ["GET"] }, { url: A }]],
    ["a longer path", [{ url: A }, { url: `${A}v1/` }]],
    ["a shorter path", [{ url: `${A}v1/` }, { url: A }]],
    ["a path and the folder of that name", [{ url: `${A}v1` }, { url: `${A}v1/` }]],
    ["another scheme", [{ url: A }, { url: "http://a.example/" }]],
    ["another port", [{ url: A }, { url: "https://a.example:8443/" }]],
    ["any target beside a url", [{}, { url: A }]],
  ])("but not %s", (_, upstream) => {
    expect(mistakesOfFile(appWith(...upstream))).toEqual([]);
  });

  test("not for another app's rule", () => {
    expect(mistakesOfFile({ app: [APP, { ...APP, id: "other" }] })).toEqual([]);
  });
});

describe("a name that is given twice is reported:", () => {
  test.each<[string, object, string[]]>([
    ["two apps", { app: [APP, APP] }, ["app[1].id is already the id of app[0]"]],
    [
      "three apps",
      { app: [APP, APP, APP] },
      ["app[1].id is already the id of app[0]", "app[2].id is already the id of app[0]"],
    ],
    ["two routes", { route: [ROUTE, ROUTE] }, ["route[1].path is already the path of route[0]"]],
    [
      "both",
      { app: [APP, APP], route: [ROUTE, ROUTE] },
      ["app[1].id is already the id of app[0]", "route[1].path is already the path of route[0]"],
    ],
  ])("%s", (_, shape, mistakes) => {
    expect(mistakesOfFile(shape)).toEqual(mistakes);
  });

  test.each<[string, object]>([
    ["ids that differ in capitals", { app: [APP, { ...APP, id: "WEB" }] }],
    ["a path and the folder of that name", { route: [ROUTE, { ...ROUTE, path: "/open" }] }],
  ])("but not %s", (_, shape) => {
    expect(mistakesOfFile(shape)).toEqual([]);
  });
});

describe("what leads nowhere is reported:", () => {
  test.each<[string, object]>([
    ["neither app nor route", {}],
    ["empty lists", { app: [], route: [] }],
  ])("%s", (_, shape) => {
    expect(mistakesOfFile(shape)).toEqual([
      "there is no app and no route: add an [[app]] or a [[route]]",
    ]);
  });
});

describe("a window of time needs both of its halves, and a signature over it:", () => {
  const routeWith = (window: object): object => {
    const signature = { scheme: "sasigning", secrets: ["a secret of enough bytes"], ...window };
    return { route: [{ ...ROUTE, signature }] };
  };
  const timestamp_field = "HTTP_X_TIMESTAMP";
  const fields = ["path", "method", timestamp_field];
  const place = "route[0].signature";

  test.each<[string, object, string[]]>([
    ["both", { fields, timestamp_field, max_age: 300 }, []],
    ["neither", { fields }, []],
    [
      "no max_age",
      { fields, timestamp_field },
      [`${place}.max_age must be set together with timestamp_field`],
    ],
    [
      "no timestamp_field",
      { fields, max_age: 300 },
      [`${place}.timestamp_field must be set together with max_age`],
    ],
    [
      "a field that is not signed",
      { timestamp_field, max_age: 300 },
      [
        `${place}.timestamp_field must be one of fields: otherwise the time of signing would not be signed`,
      ],
    ],
  ])("%s", (_, window, mistakes) => {
    expect(mistakesOfFile(routeWith(window))).toEqual(mistakes);
  });

  test("is reported together with another mistake of the signature", () => {
    expect(mistakesOfFile(routeWith({ max_age: 300, hash: "none" }))).toEqual([
      expect.stringMatching(/^route\[0\]\.signature\.hash must be one of /),
      `${place}.timestamp_field must be set together with max_age`,
    ]);
  });
});
