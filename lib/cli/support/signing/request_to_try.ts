import { unreadableFile } from "../../../config/unreadable_file.ts";
import { parseAddressRange } from "../../../signing/verify.ts";
import type { Arguments } from "../../arguments/parse_arguments.ts";
import type { TryFlagName } from "../../arguments/try_flags.ts";
import type { CommandContext } from "../command_context.ts";
import { methodAndHeaders } from "./given_request.ts";
import { urlToTry } from "./url_to_try.ts";

/** A request that a command line describes, as the gateway receives it. */
export interface RequestToTry {
  request: Request;
  /** The address of the client. */
  remoteAddress?: string;
}

type Given = Arguments<TryFlagName>["given"];
type Readers = Pick<CommandContext, "readBytes" | "readInput">;

/**
 * Reads the request that a command line describes.
 *
 * @param given from `parseArguments`
 * @param readers how files and the standard input are read
 * @param mistakes gets every mistake, without a token and without a body
 * @param publicPath the path prefix that a proxy in front of the gateway strips
 * @returns the request; `undefined` when there was a mistake
 */
export async function requestToTry(
  given: Given,
  readers: Readers,
  mistakes: string[],
  publicPath: string,
): Promise<RequestToTry | undefined> {
  const { token, body } = await readTokenAndBody(given, readers, mistakes);
  const url = urlToTry(given, token, mistakes, publicPath);
  const { method = body ? "POST" : "GET", headers } = methodAndHeaders(given, body, mistakes);
  const [ip] = given.get("ip") ?? [];
  if (ip !== undefined && (ip.includes("/") || !parseAddressRange(ip))) {
    mistakes.push("--ip is not an IPv4 or IPv6 address");
  }
  if (mistakes.length > 0 || !url) return undefined;
  const own = {
    host: url.host,
    ...(body && { "content-type": "application/json", "content-length": String(body.length) }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  const request = new Request(url, {
    method,
    headers: { ...own, ...headers },
    ...(body && { body }),
  });
  return { request, ...(ip !== undefined && { remoteAddress: ip }) };
}

interface TokenAndBody {
  token?: string;
  body?: Uint8Array<ArrayBuffer>;
}

async function readTokenAndBody(
  given: Given,
  { readBytes, readInput }: Readers,
  mistakes: string[],
): Promise<TokenAndBody> {
  const [token] = given.get("token") ?? [];
  const [file] = given.get("body") ?? [];
  if (token === "-" && file === "-") {
    mistakes.push("--token and --body cannot both be -: the standard input is read once");
    return {};
  }
  const input = token === "-" || file === "-" ? await readInput() : undefined;
  const text = token === "-" ? new TextDecoder().decode(input).trimEnd() : token;
  const body = file === undefined ? undefined : file === "-" ? input : readBytes(file);
  if (file !== undefined && !body) mistakes.push(`--body: ${unreadableFile(file)}`);
  if (text !== undefined && !/^[\x21-\x7e]+$/.test(text)) {
    mistakes.push("--token is no token: it is empty, or has a space or a character beyond ASCII");
  }
  return { ...(text !== undefined && { token: text }), ...(body && { body }) };
}
