import { decodeForm } from "../../../signing/verify.ts";
import type { AuthorizedTarget } from "../../model/grant.ts";
import { VERSIONS } from "../../providers/operations.ts";

const PATH = "/realtime";

/** Whether a target is OpenAI's realtime API. The path is compared as it is sent. */
export function isRealtime({ url, rule }: AuthorizedTarget): boolean {
  const { pathname } = url;
  if (!pathname.endsWith(PATH)) return false;
  const base = (rule.url?.pathname ?? "/").replace(/\/$/, "");
  return VERSIONS.some((version) => pathname === `${base}${version}${PATH}`);
}

/**
 * The model that the query of a handshake names.
 *
 * @param search of the target, with its `?`
 * @returns `undefined` when the query has anything but exactly one model
 */
export function modelInQuery(search: string): string | undefined {
  const [, value] = /^\?model=([^=&]+)$/.exec(search) ?? [];
  if (value === undefined) return undefined;
  try {
    return decodeForm(value);
  } catch {
    return undefined;
  }
}
