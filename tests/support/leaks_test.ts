import { expect, test } from "bun:test";
import { findLeaks } from "./leaks.ts";
import { startGateway } from "./gateway.ts";

const SECRET = "a canary & of a secret / 1234";
const KEY = "canary-of-a-key-5678";
const told = {
  secrets: [SECRET],
  args: ["--header", `Authorization: Bearer ${KEY}`],
  env: { OPENAI_API_KEY: KEY },
};
const SIGNATURE = "0123456789abcdef".repeat(4);

test.each([
  ["nothing", '{"msg":"request","upstream":"https://api.example/v1/x","app":"a"}', []],
  ["a plain secret", `x ${SECRET} y`, ["a signing secret"]],
  ["an encoded secret", encodeURIComponent(SECRET), ["a signing secret"]],
  [
    "a form-encoded secret",
    SECRET.replaceAll(" ", "+").replace("&", "%26").replace("/", "%2F"),
    ["a signing secret"],
  ],
  ["a secret in base64", btoa(`secret: ${SECRET}!`), ["a signing secret"]],
  ["a header's value", `Bearer ${KEY}`, ["an injected header", "the variable OPENAI_API_KEY"]],
  ["a variable's value", `"${KEY}"`, ["the variable OPENAI_API_KEY"]],
  ["a signature", `"${SIGNATURE}"`, ["a signature"]],
  ["a token", '"app":"eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJhIn0."', ["a token"]],
  ["a signed query", "GET /?X-Sw-Credential=a", ["a signed query"]],
  [
    "an upstream's query",
    '{"upstream":"https://api.example/v1?key=1"}',
    ["a query of an upstream"],
  ],
])("findLeaks finds %s", (_, text, expected) => {
  expect(findLeaks(text, told)).toEqual(expected);
});

test("a gateway that wrote what it must not fails whoever stops it", async () => {
  const listening = JSON.stringify({ msg: "listening", url: "http://127.0.0.1:1", port: 1 });
  // The secret comes first: once the gateway listens, the test stops it.
  const program = `console.error(process.env.SW_SECRET); console.log(${JSON.stringify(listening)}); setInterval(() => {}, 1000)`;
  const gateway = await startGateway({ command: [process.execPath, "-e", program] });
  await expect(gateway.stop("SIGKILL")).rejects.toThrow("a signing secret");
});
