import { isFramingHeader } from "../../../config/parse_header.ts";
import { type GivenRequest, givenRequest, type ReadBytes } from "./given_request.ts";
import type { Arguments } from "../../arguments/parse_arguments.ts";
import type { SignFlagName } from "../../arguments/sign_flags.ts";

/** What a command line asks to have signed. */
export interface RequestToSign extends GivenRequest {
  upstream: string;
  gateway: string;
  method: string;
  /** In seconds. */
  expires: number;
}

/**
 * Reads what is to be signed. What no gateway accepts is a mistake already here.
 *
 * @param args from `parseArguments`
 * @param readBytes how the body's file is read
 * @param mistakes gets what is wrong, without quoting a value
 * @param byDefault the gateway, unless the command line names one
 */
export function requestToSign(
  { positionals, given }: Arguments<SignFlagName>,
  readBytes: ReadBytes,
  mistakes: string[],
  byDefault = "http://localhost:3000",
): RequestToSign {
  const [upstream = "", ...rest] = positionals;
  if (positionals.length === 0 || rest.length > 0) mistakes.push("sign needs one URL");
  else
    mistakes.push(
      ...mistakesInUrl(upstream, "https://api.example.com/v1/models").map(
        (mistake) => `URL ${mistake}`,
      ),
    );
  const gateway = given.get("gateway")?.[0] ?? byDefault;
  mistakes.push(
    ...mistakesInUrl(gateway, "https://signway.example.com").map(
      (mistake) => `--gateway ${mistake}`,
    ),
  );
  if (/[?#]/.test(gateway)) mistakes.push("--gateway has a query or a fragment");

  const expires = given.get("expires")?.[0] ?? "300";
  if (!/^\d{1,10}$/.test(expires)) mistakes.push("--expires must be a whole number of seconds");
  const request = givenRequest(given, readBytes, mistakes);
  for (const name of Object.keys(request.headers).filter(isFramingHeader)) {
    mistakes.push(`--header cannot sign ${name}: the client sets it for each message`);
  }
  const { method = request.body ? "POST" : "GET" } = request;
  return { ...request, upstream, gateway, method, expires: Number(expires) };
}

function mistakesInUrl(text: string, example: string): string[] {
  const url = URL.parse(text);
  if (!url || !/^https?:\/\//i.test(text)) {
    return [`is not an absolute http or https URL, such as ${example}`];
  }
  return url.username || url.password ? ["holds user info: the gateway refuses it"] : [];
}
