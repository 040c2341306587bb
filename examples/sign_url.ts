// Prints a signed URL: SW_ID=… SW_SECRET=… bun examples/sign_url.ts URL [METHOD] [SECONDS]
import { argv, env, exit } from "node:process";
import { signUrl } from "../lib/signing/mod.ts";

const {
  SW_ID: id = "",
  SW_SECRET: secret = "",
  SW_GATEWAY: gateway = "http://localhost:3000",
} = env;
const [upstream = "", method = "GET", seconds = "300"] = argv.slice(2);

try {
  console.log(await signUrl(upstream, { gateway, id, secret, method, expires: Number(seconds) }));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.error("SW_ID=… SW_SECRET=… bun examples/sign_url.ts URL [METHOD] [SECONDS]");
  exit(2);
}
