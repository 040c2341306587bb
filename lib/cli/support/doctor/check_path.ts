import { isTokenSecret } from "../../../signing/verify.ts";
import { PROBE_ORIGIN } from "../../../gateway/model/probe_target.ts";
import { ask, describe, isOwn, type NoResponse, refusalCode } from "./ask.ts";
import { type CheckResult, type Finding, type FindingCode, found, skipped } from "./findings.ts";
import { signedToken } from "./signed_token.ts";
import { signedUrl } from "./signed_url.ts";
import { NEEDS_SIGNER, type Site } from "./site.ts";

/** Whether signatures verify, and for which URL they have to be made. */
export interface CheckedPath {
  result: CheckResult;
  /** Absent: none is accepted. */
  signedFor?: URL;
}

/** Finds out whether the gateway sees the path that was signed. */
export async function checkPath(site: Site): Promise<CheckedPath> {
  if (!site.signer) return { result: skipped("path", NEEDS_SIGNER) };
  const answer = await probe(site, site.url);
  if (isAccepted(answer)) {
    const findings = await findTokenPath(site);
    return { result: found("path", findings, "signatures are accepted"), signedFor: site.url };
  }
  const measured = describe(answer);
  if ("failure" in answer || !isOwn(answer)) {
    const code = "failure" in answer ? "gateway_unreachable" : "not_a_gateway";
    return { result: found("path", [{ code, measured }], "") };
  }
  // A clock that is off has a finding of its own.
  const code = refusalCode(answer);
  if (code === "expired" || code === "date_in_future") {
    return { result: skipped("path", `the clocks differ: ${measured}`) };
  }
  if (code !== "signature_mismatch") {
    return { result: found("path", [{ code: "request_refused", measured }], "") };
  }
  return await findOtherPath(site, measured);
}

/**
 * Finds out whether the gateway takes the path of its URL for a part of the target of a token. Signed URLs work then, but no token
 * and no route.
 */
async function findTokenPath(site: Site): Promise<Finding[]> {
  const { signer, url: base } = site;
  if (!signer || base.pathname === "/" || !isTokenSecret(signer.secret)) return [];
  const token = await signedToken(signer, `GET ${PROBE_ORIGIN}/`);
  const url = new URL(`~${token}/${new URL(PROBE_ORIGIN).host}/`, base);
  const answer = await ask(site, url);
  // A gateway finds a token at the start of the path alone. It refuses the target of one that it finds.
  const code = "failure" in answer ? undefined : refusalCode(answer);
  // A gateway with routes looks for one of them.
  const isHidden = code === "signature_missing" || code === "route_unknown";
  const measured = `a token at the start of the path: ${describe(answer)}`;
  return isHidden ? [{ code: "path_prefix_unknown", measured }] : [];
}

async function findOtherPath(site: Site, measured: string): Promise<CheckedPath> {
  for (const [code, signedFor] of otherPaths(site)) {
    if (!isAccepted(await probe(site, signedFor))) continue;
    const reason = `${measured}; a signature for the path ${signedFor.pathname} is accepted`;
    return { result: found("path", [{ code, measured: reason }], ""), signedFor };
  }
  return { result: found("path", [{ code: "signature_refused", measured }], "") };
}

function otherPaths({ url, publicPath }: Site): [FindingCode, URL][] {
  const { pathname } = url;
  const paths: [FindingCode, string][] = [
    ["path_prefix_stripped", "/"],
    ["path_prefix_kept", `${pathname.slice(0, -1)}${pathname}`],
  ];
  if (publicPath !== undefined) paths.push(["public_path_differs", withSlash(publicPath)]);
  return paths.flatMap(([code, path]) => (path === pathname ? [] : [[code, new URL(path, url)]]));
}

function withSlash(path: string): string {
  return path.endsWith("/") ? path : `${path}/`;
}

async function probe(site: Site, signedFor: URL): Promise<Response | NoResponse> {
  return await ask(site, await signedUrl(site, `${PROBE_ORIGIN}/`, { signedFor }));
}

function isAccepted(answer: Response | NoResponse): boolean {
  return !("failure" in answer) && isOwn(answer) && answer.status === 200;
}
