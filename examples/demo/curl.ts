import { signToken, signUrl } from "../../lib/signing/mod.ts";
import type { Signer } from "./backend.ts";

const QUESTION = "Who carries the key, when I do not?";
const SECONDS = 600;

/** A shell command that streams an answer. Its URL is signed for ten minutes, and it holds no key. */
export async function curlWithSignedUrl(signer: Signer): Promise<string> {
  const { gateway, id, secret } = signer;
  const body = chatBody(signer);
  const options = { gateway, id, secret, method: "POST", expires: SECONDS, body };
  return curlCommand(body, await signUrl(chatUrl(signer), options));
}

/** The same with a token for ten minutes. It names no page, because curl is none. */
export async function curlWithToken(signer: Signer): Promise<string> {
  const { gateway, id, secret } = signer;
  const target = new URL(chatUrl(signer));
  const to = [`POST ${target}`];
  const token = await signToken({ id, secret, subject: "shell", expires: SECONDS, to });
  const url = `${gateway}/${target.host}${target.pathname}`;
  return curlCommand(chatBody(signer), url, `authorization: Bearer ${token}`);
}

function chatUrl({ upstream }: Signer): string {
  return `${upstream}chat/completions`;
}

function chatBody({ model }: Signer): string {
  return JSON.stringify({ model, stream: true, messages: [{ role: "user", content: QUESTION }] });
}

function curlCommand(body: string, url: string, ...headers: string[]): string {
  const options = ["content-type: application/json", ...headers].map(
    (header) => `-H ${quoteForShell(header)}`,
  );
  return `curl -N -X POST ${options.join(" ")} -d ${quoteForShell(body)} ${quoteForShell(url)}`;
}

function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
