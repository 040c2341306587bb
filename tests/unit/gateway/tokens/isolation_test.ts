import { describe, expect, test } from "bun:test";
import type { App } from "../../../../lib/gateway/model/app.ts";
import { problemIn } from "../in_process_gateway.ts";
import { placed, SLOTS } from "./slots.ts";
import { appWith, bearing, gatewayOf, minted, refusalOf, ruleFor } from "./token_gateway.ts";

const ANYWHERE = { headers: [["Authorization", "key of anywhere"]] } as const;

/** Apps, whose keys name the origin and path to which they may go. */
const APPS: Readonly<Record<string, readonly App["upstreams"][number][]>> = {
  one: [own("https://one.example/v1/")],
  two: [own("https://two.example/"), own("https://two.example/admin/"), own("https://2.example/")],
  local: [own("http://10.0.0.5:8080/"), own("http://[fd00::1]:9000/"), own("http://box/")],
  schemes: [own("http://both.example/"), own("https://both.example/"), own("http://old.example/")],
  anywhere: [ANYWHERE],
  mixed: [own("https://one.example/v1/"), ANYWHERE],
};

function own(url: string) {
  return ruleFor(url, `key of ${url}`);
}

/** Paths of the gateway, and where they lead for an app that may go there. */
const TARGETS: Readonly<Record<string, string>> = {
  "/one.example/v1/a": "https://one.example/v1/a",
  "/one.example/v2/a": "https://one.example/v2/a",
  "/one.example/": "https://one.example/",
  "/one.example:443/v1/a": "https://one.example/v1/a",
  "/one.example:8443/v1/a": "https://one.example:8443/v1/a",
  "/two.example/a": "https://two.example/a",
  "/two.example/admin/a": "https://two.example/admin/a",
  "/10.0.0.5:8080/a": "http://10.0.0.5:8080/a",
  "/10.0.0.5/a": "https://10.0.0.5/a",
  "/[fd00::1]:9000/a": "http://[fd00::1]:9000/a",
  "/[fd00::2]:9000/a": "https://[fd00::2]:9000/a",
  "/box/a": "http://box/a",
  "/both.example/a": "https://both.example/a",
  "/both.example:80/a": "http://both.example/a",
  "/both.example:443/a": "https://both.example/a",
  "/old.example/a": "http://old.example/a",
  "/old.example:443/a": "https://old.example/a",
  "/evil.example/a": "https://evil.example/a",
};

const apps = Object.entries(APPS).map(([id, upstreams]) => appWith({ id, upstreams }));

/** The key that belongs to a target, told by the rules of an app with a URL alone. */
function keyFor(upstreams: App["upstreams"], target: string): string | undefined {
  const urls = upstreams.flatMap(({ url }) => (url && target.startsWith(url.href) ? url.href : []));
  const [longest] = urls.sort((a, b) => b.length - a.length);
  return longest && `key of ${longest}`;
}

const isPublic = (url: string) => /^https:\/\/[a-z.]+(:\d+)?\//.test(url);

describe.each(Object.keys(APPS))("the tokens of the app %s", (id) => {
  const upstreams = APPS[id]!;

  test.each(Object.entries(TARGETS))(
    "reach %s, that is %s, with its key or not at all",
    async (path, url) => {
      for (const { what, place } of SLOTS) {
        // A token in the path must name its origin; here it grants what the rules allow at most.
        const names = place("").prefix !== undefined;
        const sw = names ? { to: [`${new URL(url).origin}/`] } : {};
        const gateway = gatewayOf(apps);
        const token = minted({ claims: { iss: id, sw } });
        const { status } = await gateway.send(placed([place(token)], { path }));
        const isAnywhere = names && upstreams.includes(ANYWHERE) && isPublic(url);
        const key = keyFor(upstreams, url) ?? (isAnywhere ? ANYWHERE.headers[0][1] : undefined);
        const sent = gateway.fetched.map(({ upstream, request }) => [
          upstream.url.href,
          request.headers.get("authorization"),
        ]);
        const expected = key === undefined ? [403] : [200, [url, key]];
        expect([what, status, ...sent]).toEqual([what, ...expected]);
        const isResolved = key === ANYWHERE.headers[0][1];
        expect(gateway.resolved).toEqual(isResolved ? [new URL(url).hostname] : []);
      }
    },
  );
});

const HOST = "one.example";
const OWN = "evil.example";

/** What a holder writes to aim the key at a server of theirs. */
const AIMED: readonly string[] = [
  ...[`/${OWN}/`, `/${OWN}:443/v1/`, `/${OWN.toUpperCase()}/v1/`, `/v1.${OWN}/v1/`, `/${OWN}./`],
  ...[`/user@${OWN}/`, `/${HOST}@${OWN}/v1/`, `/${HOST}:443@${OWN}/v1/`, `/${HOST}%40${OWN}/v1/`],
  ...[
    `/${HOST}%2f@${OWN}/v1/`,
    `/${HOST}%5c@${OWN}/`,
    `/u:p@${HOST}/v1/`,
    `/@${OWN}/`,
    `/:@${OWN}/`,
  ],
  ...[`/${HOST}.${OWN}/v1/`, `/${HOST}%00.${OWN}/v1/`, `/${HOST}%2e${OWN}/v1/`, `/x${HOST}/v1/`],
  ...[`/${HOST};${OWN}/v1/`, `/${HOST},${OWN}/v1/`, `/${HOST}&${OWN}/v1/`, `/${HOST}%20${OWN}/v1/`],
  ...[
    `/${HOST}:80/v1/`,
    `/${HOST}:444/v1/`,
    `/${HOST}:99999/v1/`,
    `/${HOST}:-1/v1/`,
    `/${HOST}:x/v1/`,
  ],
  ...[`/${HOST}:443:80/v1/`, `/${HOST}:/v1/`, `/${HOST}:%34%34%33/v1/`, `/${HOST}:443%20/v1/`],
  ...[`/one%2eexample/v1/`, `/%6fne.example/v1/`, `/one。example/v1/`, `/ｏｎｅ.example/v1/`],
  ...[`/ｅｖｉｌ.example/`, `/münchen.example/`, `/xn--mnchen-3ya.example/`, `/one.exаmple/v1/`],
  ...[`/${HOST}./v1/`, `/.${HOST}/v1/`, `/${HOST}../v1/`, `/one..example/v1/`, `/-${HOST}/v1/`],
  ...[`//${OWN}/`, `//${OWN}/v1/`, `///${OWN}/`, `/\\${OWN}/`, `/\\\\${OWN}/v1/`, `/%2f${OWN}/`],
  ...[`/%5c${OWN}/v1/`, `/%2f%2f${OWN}/v1/`, `/./${OWN}/`, `/../${OWN}/`, `/.//${OWN}/v1/`],
  ...[`/https:/${OWN}/v1/`, `/https://${OWN}/v1/`, `/https:%2f%2f${OWN}/v1/`, `/https%3a//${OWN}/`],
  ...[`/${HOST}/../${OWN}/`, `/${HOST}/%2e%2e/${OWN}/v1/`, `/${HOST}/v1/../../${OWN}/v1/`],
  ...[
    `/${HOST}//${OWN}/v1/`,
    `/${HOST}///${OWN}/v1/`,
    `/${HOST}/\\${OWN}/v1/`,
    `/${HOST}/@${OWN}/`,
  ],
  ...[
    `/${HOST}?@${OWN}/v1/`,
    `/${HOST}?/v1/`,
    `/?${HOST}/v1/`,
    `/${HOST}%3f@${OWN}/`,
    `/${HOST}%23@${OWN}/`,
  ],
  ...[`/v1/../${OWN}/`, `/v1@${OWN}/`, `/v1%2f..%2f${OWN}/`, `/v1:80@${OWN}/`, "/v2/a", "/", "/v1"],
  ...[`/${HOST}/v1/..%2fadmin`, `/${HOST}/v1/%252e%252e/admin`, `/${HOST}/v1/..;/admin`],
  ...[
    `/${HOST}/v1/..%c0%afadmin`,
    `/${HOST}/v1/%ef%bc%8e%ef%bc%8e/admin`,
    `/${HOST}/v1/..%20/admin`,
  ],
  ...[
    `/${HOST}/v1/..%5cadmin`,
    `/${HOST}/v1/%u002e%u002e/admin`,
    `/${HOST}/V1/a`,
    `/${HOST}/v1%2fa`,
  ],
  ...[
    "/127.0.0.1/v1/",
    "/127.1/v1/",
    "/2130706433/v1/",
    "/0x7f000001/v1/",
    "/0x7f.1/v1/",
    "/0/v1/",
  ],
  ...["/017700000001/v1/", "/127.0.0.1./v1/", "/localhost/v1/", "/localhost./v1/", "/0.0.0.0/v1/"],
  ...["/[::1]/v1/", "/[::]/v1/", "/[::ffff:127.0.0.1]/v1/", "/[::ffff:7f00:1]:443/v1/", "/::1/v1/"],
  ...["/[fe80::1%25eth0]/v1/", "/[::1/v1/", "/::1]/v1/", "/[v1.a]/v1/", "/[0:0::1]/v1/", "/[]/v1/"],
  ...[
    "/169.254.169.254/latest/",
    "/metadata.google.internal/v1/",
    "/168.63.129.16/v1/",
    "/10.1/v1/",
  ],
];

describe("no path aims a key at a server of the holder's:", () => {
  test.each(AIMED)("%s", async (path) => {
    for (const id of ["one", "anywhere", "mixed"]) {
      const token = minted({ claims: { iss: id } });
      const { status, code } = await refusalOf(gatewayOf(apps), bearing(token, path), token);
      expect([id, status, code]).toEqual([id, 403, "target_not_allowed"]);
    }
  });

  test.each(AIMED)("%s, with a token that names an origin", async (path) => {
    for (const id of ["one", "anywhere", "mixed"]) {
      const token = minted({ claims: { iss: id, sw: { to: ["https://named.example/v1/"] } } });
      const gateway = gatewayOf(apps);
      const response = await gateway.send(bearing(token, path));
      const sent = gateway.fetched.map(({ upstream }) => upstream.url.href);
      // What is no host is a path of the one origin that the token names.
      const isPathThere = sent.every((url) => url.startsWith("https://named.example/v1/"));
      expect([path, isPathThere]).toEqual([path, true]);
      if (sent.length > 0) continue;
      expect(response.status).toBe(403);
      expect(["target_not_allowed", "target_not_granted"]).toContain(
        String((await problemIn(response))["code"]),
      );
    }
  });
});

describe("a rule without a URL serves", () => {
  const answer = async (sw: object, path: string, resolve?: () => Promise<string[]>) => {
    const token = minted({ claims: { iss: "anywhere", sw } });
    const gateway = gatewayOf(apps, resolve && { resolve });
    const { status } = await gateway.send(bearing(token, path));
    return [status, ...gateway.fetched.map(({ upstream }) => upstream.url.href)];
  };

  test("the origins that the token names", async () => {
    const sw = { to: ["https://a.example/", "https://b.example/v1/"] };
    expect(await answer(sw, "/a.example/x")).toEqual([200, "https://a.example/x"]);
    expect(await answer(sw, "/b.example/v1/x")).toEqual([200, "https://b.example/v1/x"]);
    expect(await answer(sw, "/b.example/x")).toEqual([403]);
    expect(await answer(sw, "/c.example/x")).toEqual([403]);
    expect(await answer({}, "/a.example/x")).toEqual([403]);
  });

  test("them with https alone", async () => {
    expect(await answer({ to: ["http://a.example/"] }, "/a.example/x")).toEqual([403]);
    expect(await answer({ to: ["http://a.example/"] }, "/a.example:80/x")).toEqual([403]);
  });

  test("none of them at a private address", async () => {
    const sw = { to: ["https://a.example/", "https://10.0.0.1/", "https://localhost/"] };
    expect(await answer(sw, "/a.example/", () => Promise.resolve(["10.0.0.1"]))).toEqual([403]);
    expect(await answer(sw, "/10.0.0.1/")).toEqual([403]);
    expect(await answer(sw, "/localhost/")).toEqual([403]);
  });

  test("the one of them, for a path without a host", async () => {
    expect(await answer({ to: ["https://a.example/v1/"] }, "/v1/x")).toEqual([
      200,
      "https://a.example/v1/x",
    ]);
    expect(await answer({ to: ["https://a.example/", "https://b.example/"] }, "/v1/x")).toEqual([
      403,
    ]);
  });
});
