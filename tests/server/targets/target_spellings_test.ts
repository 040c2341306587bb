import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { problemOf, signedExchange } from "../../support/signed_exchange.ts";

const upstream = await startUpstream([respond("ok")]);
const gateway = await startGateway({ args: ["--upstream", `${upstream.url}/v1/`] });

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

const { port } = upstream;
const HOST = `127.0.0.1:${port}`;

describe("user info in the target is refused", () => {
  test.each([
    `http://user:password@${HOST}/v1/`,
    `http://user@${HOST}/v1/`,
    `http://:password@${HOST}/v1/`,
    `http://${HOST}:@127.0.0.1:${port}/v1/`,
    `http://user%40evil@${HOST}/v1/`,
    `http:user:password@${HOST}/v1/`,
  ])("%s", async (target) => {
    const before = upstream.requests.length;
    const response = await signedExchange(gateway, target);
    expect(response.status).toBe(400);
    expect(problemOf(response)["code"]).toBe("target_invalid");
    expect(upstream.requests).toHaveLength(before);
  });
});

describe("the parsed form is matched and sent", () => {
  test.each([
    ["a fragment", `http://${HOST}/v1/a#fragment`, "/v1/a"],
    ["a fragment that looks like a query", `http://${HOST}/v1/a#?b`, "/v1/a"],
    ["backslashes", `http:\\\\${HOST}\\v1\\a`, "/v1/a"],
    ["one slash", `http:/${HOST}/v1/a`, "/v1/a"],
    ["no slash", `http:${HOST}/v1/a`, "/v1/a"],
    ["leading and trailing blanks", `  http://${HOST}/v1/a  `, "/v1/a"],
    ["a newline and a tab inside", `ht\ntp://127.0\t.0.1:${port}/v1/a\r\nb`, "/v1/ab"],
    ["a capital scheme", `HTTP://${HOST}/v1/a`, "/v1/a"],
    ["a port with zeros", `http://127.0.0.1:0${port}/v1/a`, "/v1/a"],
    ["digits of another script", `http://１２７.０.０.１:${port}/v1/a`, "/v1/a"],
    ["a decimal address", `http://2130706433:${port}/v1/a`, "/v1/a"],
    ["a path outside ASCII", `http://${HOST}/v1/café?q=你`, "/v1/caf%C3%A9?q=%E4%BD%A0"],
    ["blanks in the path", `http://${HOST}/v1/a b?c d`, "/v1/a%20b?c%20d"],
    ["encoded slashes", `http://${HOST}/v1/a%2Fb%5cc`, "/v1/a%2Fb%5cc"],
    ["quotes and brackets", `http://${HOST}/v1/?a='b'&c=[d]|"`, "/v1/?a=%27b%27&c=[d]|%22"],
    ["an empty query", `http://${HOST}/v1/a?`, "/v1/a?"],
    ["a question mark in the query", `http://${HOST}/v1/a?b?c=%zz`, "/v1/a?b?c=%zz"],
    ["empty segments", `http://${HOST}/v1//a//`, "/v1//a//"],
  ])("%s", async (_, target, seen) => {
    const response = await signedExchange(gateway, target);
    expect(response.status).toBe(200);
    expect(upstream.requests.at(-1)?.startLine).toBe(`GET ${seen} HTTP/1.1`);
    expect(upstream.requests.at(-1)?.all("host")).toEqual([HOST]);
  });
});

describe("a parsed form outside the rule is refused", () => {
  test.each([
    ["an empty port is the scheme's own", "http://127.0.0.1:/v1/"],
    ["backslashes that leave the prefix", `http://${HOST}/v1/\\..\\..\\admin`],
    ["a tab inside dot segments", `http://${HOST}/v1/.\t./admin`],
    ["an overlong slash behind dots", `http://${HOST}/v1/..%c0%afadmin`],
    ["dots as %u002e", `http://${HOST}/v1/%u002e%u002e/admin`],
    ["full-width dots", `http://${HOST}/v1/%ef%bc%8e%ef%bc%8e/admin`],
    ["full-width dots, not encoded", `http://${HOST}/v1/．．/admin`],
    ["dots and a blank", `http://${HOST}/v1/..%20/admin`],
    ["dots and a blank, not encoded", `http://${HOST}/v1/.. /admin`],
    ["a host behind a backslash", `http://evil.test\\@${HOST}/v1/`],
    ["a name that reads alike", `http://ｌｏｃａｌｈｏｓｔ:${port}/v1/`],
    ["a host outside ASCII", `http://bücher.test:${port}/v1/`],
  ])("%s", async (_, target) => {
    const before = upstream.requests.length;
    const response = await signedExchange(gateway, target);
    expect(response.status).toBe(403);
    expect(upstream.requests).toHaveLength(before);
  });
});
