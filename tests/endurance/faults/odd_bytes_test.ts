import { afterAll, describe, expect, test } from "bun:test";
import { runSignway } from "../../support/run_signway.ts";
import { openSigned, startScripted } from "../../support/by_path.ts";
import { startGateway } from "../../support/gateway.ts";
import { respond } from "../../support/raw_upstream.ts";
import { signedExchange } from "../../support/signed_exchange.ts";

const upstream = await startScripted();
const gateway = await startGateway({ args: ["--upstream", upstream.url] });

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

const control = [...Array(32).keys(), 127].filter((byte) => byte !== 9);
const name = (byte: number): string => `0x${byte.toString(16).padStart(2, "0")}`;
const CONTROL = control.map((byte): [string, string] => [name(byte), String.fromCharCode(byte)]);
const OTHERS: [name: string, bytes: string][] = [
  ["a tab", "a\tb"],
  ["0x80", "a\x80b"],
  ["0xff", "a\xffb"],
  ["UTF-8 of é", "caf\xc3\xa9"],
  ["half of a UTF-8 sequence", "a\xe2\x82b"],
  ["an overlong NUL", "a\xc0\x80b"],
  ["a UTF-8 line separator", "a\xe2\x80\xa8b"],
  // U+010D and U+010A end in the bytes of CR and LF when a character is cut to one byte.
  ["UTF-8 of č and Ċ", "a\xc4\x8d\xc4\x8aX-Injected: 1"],
];

/** No line of the head is one that nobody wrote. */
function expectSafe(head: string, odd: string): void {
  const injected = head.split("\r\n").filter((line) => /^x-injected/i.test(line));
  expect(injected).toEqual([]);
  const [, value = ""] = /^x-odd:[ \t]*(.*?)\r\n/ims.exec(head) ?? [];
  expect(value).not.toMatch(/[\0\r\n]/);
  if (value) expect(value).toBe(odd);
}

describe("bytes in a request's header value", () => {
  const controls = CONTROL.map(([code, byte]) => [code, `a${byte}X-Injected: 1`]);
  test.each([...controls, ...OTHERS] as [string, string][])("%s", async (_, odd) => {
    const target = upstream.on(respond("ok"));
    using client = await openSigned(gateway, target, "GET", [`X-Odd: ${odd}`]);
    const { status } = await client.response();
    if (status === 200) expectSafe(upstream.requests.at(-1)?.head ?? "", odd);
    else expect([status, upstream.count(target)]).toEqual([400, 0]);
    // The bare CR, LF and NUL are what parsers disagree about.
    if (/[\0\r\n]/.test(odd)) expect(status).toBe(400);
  });
});

describe("bytes in a response's header value", () => {
  const controls = CONTROL.map(([code, byte]) => [code, `a${byte}X-Injected: 1`]);
  const alone = ([code, odd]: [string, string]) => !["0x0a"].includes(code) || odd;
  const cases = [...controls, ...OTHERS] as [string, string][];
  test.each(cases.filter(alone))("%s", async (code, odd) => {
    const target = upstream.on(respond("ok", { headers: [`X-Odd: ${odd}`] }));
    const { status, head, body } = await signedExchange(gateway, target);
    if (status !== 200) return expect(status).toBe(502);
    expect(body.toString()).toBe("ok");
    // A bare LF ends a line for lenient parsers, and then what follows is a header of its own.
    if (code === "0x0a") return expect(head.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    expectSafe(head, odd);
  });
});

describe("bytes in a response's status line and header names", () => {
  test.each([
    ["a reason in UTF-8", "HTTP/1.1 200 caf\xc3\xa9\r\nContent-Length: 2\r\n\r\nok"],
    ["a reason with 0x01", "HTTP/1.1 200 a\x01b\r\nContent-Length: 2\r\n\r\nok"],
    ["a blank in a name", "HTTP/1.1 200 OK\r\nX Odd: 1\r\nContent-Length: 2\r\n\r\nok"],
    ["0xff in a name", "HTTP/1.1 200 OK\r\nX\xff: 1\r\nContent-Length: 2\r\n\r\nok"],
    ["an empty name", "HTTP/1.1 200 OK\r\n: 1\r\nContent-Length: 2\r\n\r\nok"],
    ["NUL in a name", "HTTP/1.1 200 OK\r\nX\0: 1\r\nContent-Length: 2\r\n\r\nok"],
  ])("%s", async (_, bytes) => {
    const { status, head } = await signedExchange(gateway, upstream.on(bytes));
    expect([200, 502]).toContain(status);
    expect(head).toMatch(/^[\t\r\n\x20-\x7e]*$/);
  });
});

describe("a configured header that could end its line is refused at the start", () => {
  test.each([
    ["CR and LF", "X-A: a\r\nX-B: b"],
    ["CR", "X-A: a\rb"],
    ["LF", "X-A: a\nb"],
    ["a blank in the name", "X A: b"],
    ["no colon", "X-A"],
    ["no name", ": b"],
    ["a byte outside ASCII in the name", "X-Ä: b"],
    ["a character past 0xff in the value", "X-A: č"],
    ["0x01 in the value", "X-A: a\x01b"],
    ["0x7f in the value", "X-A: a\x7fb"],
  ])("%s", async (_, header) => {
    const env = { SW_ID: "an-id", SW_SECRET: "a secret of enough bytes" };
    const args = ["--port", "0", "--host", "127.0.0.1", "--upstream", upstream.url];
    const { code, stdout, stderr } = await runSignway([...args, "--header", header], { env });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("--header");
  });
});
