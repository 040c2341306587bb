// `bun main.ts JSON` floods a gateway for some seconds and prints how it was answered, as JSON.
import type { FloodOrder } from "./from_outside.ts";
import { OVER_HTTP1 } from "./over_http1.ts";
import { OVER_HTTP2 } from "./over_http2.ts";

const { name, protocol, seconds, to } = JSON.parse(process.argv[2] ?? "") as FloodOrder;
const flood = { "HTTP/1.1": OVER_HTTP1, "HTTP/2": OVER_HTTP2 }[protocol][name];
const end = performance.now() + seconds * 1000;
const answers = await flood(to, () => performance.now() > end);
console.log(JSON.stringify(Object.fromEntries(answers)));
process.exit();
