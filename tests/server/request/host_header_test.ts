import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import { exchange, parseResponse } from "../../support/raw_client.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { signedTarget } from "../../support/signed.ts";

const upstream = await startUpstream([respond("ok")]);
const gateway = await startGateway({ args: ["--upstream", upstream.url] });

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

async function statusWith(hostLines: string): Promise<number | undefined> {
  const path = signedTarget(gateway.url, `${upstream.url}/`);
  const bytes = await exchange(gateway.port, `GET ${path} HTTP/1.1\r\n${hostLines}\r\n`);
  return parseResponse(bytes)?.status;
}

describe("an invalid Host gets 400", () => {
  test.each([
    ["no Host", ""],
    ["two Hosts", "Host: a\r\nHost: b\r\n"],
    ["the same Host twice", "Host: a\r\nHost: a\r\n"],
    ["an empty one", "Host:\r\n"],
    ["a blank one", "Host:   \r\n"],
    ["one with a path", "Host: a/b\r\n"],
    ["one with a query", "Host: a?b\r\n"],
    ["one with a fragment", "Host: a#b\r\n"],
    ["one with user info", "Host: user@a\r\n"],
    ["a list", "Host: a, b\r\n"],
    ["one with a blank inside", "Host: a b\r\n"],
    ["one with a backslash", "Host: a\\b\r\n"],
    ["a port past the last", "Host: a:65536\r\n"],
    ["a port of many digits", "Host: a:4294967376\r\n"],
    ["a port that is no number", "Host: a:http\r\n"],
    ["two ports", "Host: a:80:80\r\n"],
    ["an open bracket", "Host: [::1\r\n"],
    ["no address in brackets", "Host: [x]\r\n"],
    ["an address that ends in a colon", "Host: [::1:]\r\n"],
    ["an address with three colons", "Host: [1:::]\r\n"],
    ["a byte outside ASCII", "Host: a\xff\r\n"],
  ])("%s", async (_, lines) => {
    expect(await statusWith(lines)).toBe(400);
    expect(upstream.connections).toHaveLength(0);
  });

  test("nothing unforeseen was thrown", () => {
    expect(gateway.stderr()).toBe("");
    expect(gateway.lines().filter(({ level }) => level === "error")).toEqual([]);
  });
});

describe("any other Host is as good as the gateway's own", () => {
  test.each([
    "a",
    "gateway.example:8080",
    "127.0.0.1",
    "[::1]:3000",
    "[fe80::]",
    "[::ffff:1.2.3.4]",
    "a:",
    "xn--bcher-kva.example",
  ])("%s", async (host) => {
    expect(await statusWith(`Host: ${host}\r\n`)).toBe(200);
    expect(upstream.requests.at(-1)?.all("host")).toEqual([`127.0.0.1:${upstream.port}`]);
  });
});
