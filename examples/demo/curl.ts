import { signUrl } from "../../lib/signing/mod.ts";
import type { Signer } from "./backend.ts";

const QUESTION = "Who carries the key, when I do not?";

/** One line for a shell that streams an answer: its URL is signed for ten minutes, and no key is in it. */
export async function curlCommand({ upstream, model, ...credential }: Signer): Promise<string> {
  const messages = [{ role: "user", content: QUESTION }];
  const body = JSON.stringify({ model, stream: true, messages });
  const request = { method: "POST", expires: 600, body };
  const url = await signUrl(`${upstream}chat/completions`, { ...credential, ...request });
  return `curl -N -X POST -H 'content-type: application/json' -d ${quote(body)} ${quote(url)}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
