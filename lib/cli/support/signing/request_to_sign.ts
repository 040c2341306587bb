import { isFramingHeader } from "../../../config/parse_header.ts";
import type { Arguments } from "../../arguments/parse_arguments.ts";
import { httpSpelling } from "../../../signing/primitives/http_url.ts";
import { DEFAULT_EXPIRES } from "../../../signing/primitives/defaults.ts";
import { DEFAULT_GATEWAY, type SignFlagName } from "../../arguments/sign_flags.ts";
import type { ReadBytes } from "../read_file.ts";
import { type GivenRequest, givenRequest } from "./given_request.ts";

/** The request that `signway sign` signs. */
export interface RequestToSign extends GivenRequest {
  /** The URL of the target. */
  upstream: string;
  /** The public URL of the gateway. */
  gateway: string;
  method: string;
  /** The validity of the URL, in seconds. */
  expires: number;
}

/**
 * Reads the request to sign. A request that no gateway accepts is a mistake.
 *
 * @param args the command line, from `parseArguments`
 * @param readBytes reads the file of the body
 * @param mistakes the list to which mistakes are added; they contain no values of headers or bodies
 * @param defaultGateway the URL of the gateway if there is no `--gateway`. Default: this machine
 * @returns the request; it must not be signed if there are mistakes
 */
export function requestToSign(
  { positionals, given }: Arguments<SignFlagName>,
  readBytes: ReadBytes,
  mistakes: string[],
  defaultGateway?: string,
): RequestToSign {
  const [upstream = "", ...rest] = positionals;
  if (positionals.length === 0 || rest.length > 0) mistakes.push("sign needs exactly one URL");
  else
    mistakes.push(
      ...mistakesInUrl("URL", httpSpelling(upstream), "https://api.example.com/v1/models"),
    );
  const gateway = gatewayFrom(given, mistakes, defaultGateway);
  const expires = given.get("expires")?.[0] ?? String(DEFAULT_EXPIRES);
  if (!/^\d{1,10}$/.test(expires)) mistakes.push("--expires must be a whole number of seconds");
  const request = givenRequest(given, readBytes, mistakes);
  for (const name of Object.keys(request.headers).filter(isFramingHeader)) {
    mistakes.push(`--header cannot sign ${name}: the client sets it by itself`);
  }
  const { method = request.body ? "POST" : "GET" } = request;
  return { ...request, upstream, gateway, method, expires: Number(expires) };
}

/**
 * Reads the public URL of the gateway.
 *
 * @param given the options, from `parseArguments`
 * @param mistakes the list to which mistakes are added; they do not contain the URL
 * @param defaultGateway the URL if there is no `--gateway`. Default: this machine, with the default port
 */
export function gatewayFrom(
  given: Pick<Arguments<"gateway">["given"], "get">,
  mistakes: string[],
  defaultGateway = DEFAULT_GATEWAY,
): string {
  const [gateway = defaultGateway] = given.get("gateway") ?? [];
  mistakes.push(...mistakesInUrl("--gateway", gateway, "https://signway.example.com"));
  if (/[?#]/.test(gateway)) mistakes.push("--gateway has a query or a fragment: remove it");
  return gateway;
}

/**
 * Finds the mistakes in a URL.
 *
 * @param name the option or argument
 * @param text its value; the mistakes do not contain it
 * @param example a URL without mistakes
 */
export function mistakesInUrl(name: string, text: string, example: string): string[] {
  const url = URL.parse(text);
  if (!url || !/^https?:\/\//i.test(text)) {
    return [`${name} is not an absolute http or https URL, such as ${example}`];
  }
  return url.username || url.password
    ? [`${name} contains credentials: the gateway refuses it`]
    : [];
}
