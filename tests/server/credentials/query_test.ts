import { describe, expect, test } from "bun:test";
import { spellings } from "../../support/leaks.ts";
import { waitFor } from "../../support/wait_for.ts";
import { NAME, PLAIN, queryStage, SECRET, SENT, WAYS } from "./query_stage.ts";

const { ask, gateway, origin, send } = await queryStage();
const OURS = `${NAME}=${SENT}`;

/** What the caller sends, and what is left of it. */
const QUERIES: readonly [sent: string, left: string][] = [
  ["", ""],
  ["?", ""],
  ["?a=1&b=2", "a=1&b=2"],
  ["?a=%41+%2b%20&a=;&&b", "a=%41+%2b%20&a=;&&b"],
  ["?api_key=mine", ""],
  ["?API_Key=mine&a=1", "a=1"],
  ["?a=1&api%5Fkey=mine", "a=1"],
  ["?a=1&%61%70i_%6bey=mine&b=2", "a=1&b=2"],
  ["?api_key[]=mine&api_key%5B0%5D=mine&a=1", "a=1"],
  ["?api_key&api_key=&a=1", "a=1"],
  ["?api_key=1&a=1&api_key=2", "a=1"],
  ["?+api_key=mine&%20api_key+=mine&a=1", "a=1"],
  ["?api.key=mine&api+key=mine&api%20key=mine&api[key=mine&a=1", "a=1"],
  ["?api_key%00x=mine&a=1", "a=1"],
  ["?a=1;api_key=mine;b=2", "a=1;b=2"],
  ["?a=1&api_key=mine;b=2", "a=1&b=2"],
  ["??api_key=mine&a=1", "a=1"],
  ["?$api_key=mine&a=1", "a=1"],
  ["?[api_key]=mine&%5Bapi_key%5D[]=mine&api_key]=mine&a=1", "a=1"],
  ["?+api_key[%ff]=mine&api+key%00%ff=mine&a=1", "a=1"],
  ["?%u0061pi_key=mine&api%U005fke%79=mine&a=1", "a=1"],
  ["?%2561pi_key=mine&api%25255fkey=mine&a=1", "a=1"],
  ["?ap%C4%B1_key=mine&AP%c4%b0_KEY=mine&api_%E2%84%AAey=mine&a=1", "a=1"],
  ["?%EF%BD%81pi%EF%BC%BFkey=mine&api_ke%EF%BC%B9%EF%BC%BB%5D=mine&a=1", "a=1"],
  ["?a=1&api_key%252=kept&%25=&%CC%87=%C4%B1", "a=1&api_key%252=kept&%25=&%CC%87=%C4%B1"],
  ["?a=1%26api_key=kept&b=%3Fapi_key%3Dkept", "a=1%26api_key=kept&b=%3Fapi_key%3Dkept"],
  ["?a=1&%u0061pi[%ff]=kept", "a=1&%u0061pi[%ff]=kept"],
  ["?my_api_key=kept&api_key2=kept&a=api_key", "my_api_key=kept&api_key2=kept&a=api_key"],
];

describe.each(WAYS)("the query of a request by %s", (way) => {
  test.each(QUERIES)("%s: ours replaces the caller's, and is the last", async (sent, left) => {
    const separator = left === "" ? "" : "&";
    expect(await send(way, `/v1/x${sent}`)).toBe(`/v1/x?${left}${separator}${OURS}`);
  });
});

const secretsIn = (text: string) => spellings(SECRET).filter((spelling) => text.includes(spelling));

/** Header lines of the upstream, and the value that the client gets by a signed URL. */
const HEADERS: readonly [line: string, name: string, values: readonly string[]][] = [
  [`Location: /next?page=3&${OURS}`, "location", ["/next?page=3"]],
  [`Location: /next?${OURS}#top`, "location", ["/next#top"]],
  [`Location: ${origin}/next?API%5fkey=${SENT}&a`, "location", [`${origin}/next?a`]],
  [`Location: https://login.example/?to=${encodeURIComponent(`/x?${OURS}`)}`, "location", []],
  [`Location: /${SENT}/next`, "location", []],
  [`Location: /next?${OURS.toLowerCase()}`, "location", ["/next"]],
  [`Location: /next?a&${NAME.toUpperCase()}=${SENT.toUpperCase()}`, "location", ["/next?a"]],
  [`Location: //other.example/${SENT.toLowerCase()}`, "location", []],
  [`Location: /next;${OURS}`, "location", []],
  [`Location: /next?a;${OURS};b`, "location", ["/next?a;b"]],
  [`Location: /next#${OURS}`, "location", []],
  [`Refresh: 0; url=/next?${OURS}`, "refresh", []],
  [`Location: /next?${NAME}=another`, "location", [`/next?${NAME}=another`]],
  [`Content-Location: /v1/x?${OURS}`, "content-location", ["/v1/x"]],
  [`Link: </a?${OURS}>; rel=next, </b?x=1>`, "link", ["</a>; rel=next, </b?x=1>"]],
  [`X-Request-Url: /v1/x?${OURS}`, "x-request-url", []],
  [`Location: /next?${NAME}=${encodeURI(SECRET)}`, "location", []],
  [`X-Request-Url: /v1/x?to=${encodeURI(SECRET)}`, "x-request-url", []],
  [`X-Request-Url: /%ff?to=${SENT}`, "x-request-url", []],
  [`X-Key: ${Buffer.from(SECRET).toString("latin1")}`, "x-key", []],
  ["X-Kept: canary", "x-kept", ["canary"]],
];

describe("the headers of a response do not have the secret", () => {
  test.each(HEADERS)("%s", async (line, name, values) => {
    const response = await ask("signed URL", [line], "302 Found");
    expect(response.all(name)).toEqual([...values]);
  });

  test.each(WAYS)("by %s", async (way) => {
    const lines = HEADERS.map(([line]) => line);
    const response = await ask(way, lines.slice(0, 1).concat(lines.slice(6)));
    expect(response.all("x-kept")).toEqual(["canary"]);
    expect(secretsIn(response.head)).toEqual([]);
  });
});

describe("a redirect does not have the secret", () => {
  const { host } = new URL(origin);
  test.each([
    [`/next?page=3&${OURS}`, `/${host}/next?page=3`],
    [`${origin}/next?API%5fkey=${SENT}&a#top`, `/${host}/next?a#top`],
    [`?${OURS}&page=3`, `/${host}/v1/x?page=3`],
  ])("for a token: %s", async (location, got) => {
    const response = await ask("token", [`Location: ${location}`], "307 Again");
    expect([response.status, ...response.all("location")]).toEqual([307, got]);
    expect(secretsIn(response.head)).toEqual([]);
  });

  test.each([
    [`https://other.example/next?${OURS}`, 502, []],
    [`//other.example/next?${NAME}=${encodeURIComponent(SENT)}`, 502, []],
  ])("that leads a token elsewhere: %s", async (location, status, got) => {
    const response = await ask("token", [`Location: ${location}`], "302 Found");
    expect([response.status, response.all("location")]).toEqual([status, got]);
    expect(secretsIn(response.head + response.body.toString())).toEqual([]);
  });

  test("and the request that follows it has the secret once", async () => {
    const response = await ask("token", [`Location: /v1/next?${OURS}&page=3`], "307 Again");
    const [followed = ""] = response.all("location");
    expect(await send("token", followed.replace(`/${host}`, ""))).toBe(`/v1/next?page=3&${OURS}`);
  });
});

test("a token gets the answer to a refused key as such", async () => {
  expect((await ask("token", [], "401 No")).status).toBe(502);
});

test("the log does not have a secret that the upstream repeats as the id of the request", async () => {
  const response = await ask("plain route", [`X-Request-Id: ${PLAIN}`]);
  expect(response.status).toBe(200);
  expect(response.head).not.toContain(PLAIN);
  await waitFor("its record", () => gateway.records().some(({ app }) => app === "/plain/"));
  expect(gateway.stdout() + gateway.stderr()).not.toContain(PLAIN);
});

test("neither log nor process has the secret", async () => {
  const written = gateway.stdout() + gateway.stderr();
  expect(gateway.records().length).toBeGreaterThan(QUERIES.length * 4);
  expect(secretsIn(written)).toEqual([]);
  expect(written).not.toContain("api_key");
});
