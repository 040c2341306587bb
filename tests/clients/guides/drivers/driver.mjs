import { createInterface } from "node:readline";
import { signUrl } from "./signway.mjs";

await example();
for await (const line of createInterface({ input: process.stdin })) {
  const bytes = line.split("\t").map((field) => Buffer.from(field, "hex"));
  const [id, secret, gateway, target, expires, method, seconds, hasBody, , ...headers] =
    bytes.map(String);
  const pairs = headers.flatMap((name, i) => (i % 2 === 0 ? [[name, headers[i + 1]]] : []));
  const url = await signUrl(target, {
    gateway,
    id,
    secret,
    method,
    expires: Number(expires),
    headers: Object.fromEntries(pairs),
    body: hasBody === "yes" ? new Uint8Array(bytes[8]) : undefined,
    now: new Date(Number(seconds) * 1000),
  });
  console.log(url);
}

async function example() {
  // THE EXAMPLE
}
