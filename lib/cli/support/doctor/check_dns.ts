import { lookup, Resolver } from "node:dns/promises";
import {
  isAddress,
  isPublicAddress,
  unbracket,
} from "../../../gateway/admission/public_address.ts";
import { type CheckResult, found, ok } from "./findings.ts";
import type { Site } from "./site.ts";

/** The addresses of the gateway, and what is wrong with them. */
export interface Resolved {
  result: CheckResult;
  addresses: readonly string[];
}

/** Looks up the name of the gateway. */
export async function checkDns({ url, resolver, isPrivate }: Site): Promise<Resolved> {
  const host = unbracket(url.hostname);
  if (isAddress(host)) return { result: ok("dns", "the URL has an address"), addresses: [host] };
  const addresses = await resolve(host, resolver).catch(() => []);
  if (addresses.length === 0) {
    const measured = `${host} has no address`;
    return { result: found("dns", [{ code: "dns_unresolved", measured }], ""), addresses };
  }
  const list = addresses.join(", ");
  const isLocal = isPrivate || /(^|\.)localhost\.?$/.test(host);
  const wrong = isLocal ? [] : addresses.filter((address) => !isPublicAddress(address));
  const findings = wrong.map((address) => ({
    code: "dns_private_address" as const,
    measured: `${host} has the address ${address}, which is not public`,
  }));
  return { result: found("dns", findings, list), addresses };
}

async function resolve(host: string, server: string | undefined): Promise<readonly string[]> {
  if (server === undefined) {
    const found = await lookup(host, { all: true });
    return [...new Set(found.map(({ address }) => address))];
  }
  const resolver = new Resolver({ timeout: 5000, tries: 2 });
  resolver.setServers([server]);
  const none = (): string[] => [];
  const [four, six] = await Promise.all([
    resolver.resolve4(host).catch(none),
    resolver.resolve6(host).catch(none),
  ]);
  return [...four, ...six];
}
