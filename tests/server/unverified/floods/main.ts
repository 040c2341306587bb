// A process that floods a gateway for some seconds, so that whoever measures it does nothing else:
// `bun main.ts '{"name":…,"protocol":…,"seconds":…,"to":…}'`. It prints how it was answered, as JSON.
import type { Flooded, FloodName } from "./flood.ts";
import { OVER_HTTP1 } from "./over_http1.ts";
import { OVER_HTTP2 } from "./over_http2.ts";

/** What the process is asked to do. */
export interface FloodOrder {
  name: FloodName;
  protocol: "HTTP/1.1" | "HTTP/2";
  seconds: number;
  to: Flooded;
}

const { name, protocol, seconds, to } = JSON.parse(process.argv[2] ?? "") as FloodOrder;
const flood = { "HTTP/1.1": OVER_HTTP1, "HTTP/2": OVER_HTTP2 }[protocol][name];
const end = performance.now() + seconds * 1000;
const answers = await flood(to, () => performance.now() > end);
console.log(JSON.stringify(Object.fromEntries(answers)));
process.exit();
