import { signUrl } from "../../lib/signing/mod.ts";
import type { Signer } from "./backend.ts";

const QUESTION = "Who carries the key, when I do not?";

/** A shell command that streams an answer. Its URL is signed for ten minutes, and it holds no key. */
export async function curlCommand({ upstream, model, ...credential }: Signer): Promise<string> {
  const messages = [{ role: "user", content: QUESTION }];
  const body = JSON.stringify({ model, stream: true, messages });
  const request = { method: "POST", expires: 600, body };
  const url = await signUrl(`${upstream}chat/completions`, { ...credential, ...request });
  return `curl -N -X POST -H 'content-type: application/json' -d ${quoteForShell(body)} ${quoteForShell(url)}`;
}

function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
