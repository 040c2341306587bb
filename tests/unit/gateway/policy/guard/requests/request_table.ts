import type { ProviderName } from "../../../../../../lib/gateway/providers/provider.ts";

/** Members of a request. */
export type Members = Readonly<Record<string, unknown>>;

/** A request that is refused because of what is hidden in it. */
export interface Hidden {
  what: string;
  /** Replaces members of the minimal request. */
  body: Members;
  /** The place that the refusal names. */
  param: string;
  /** The entries of `allow` that refusals name, one after the other, until the request is accepted. */
  entries: readonly string[];
}

/** Requests of one operation, as data. */
export interface RequestTable {
  /** The name of the operation, as in the tables of the providers. */
  operation: string;
  provider: ProviderName;
  path: string;
  /** A request without an option. */
  minimal: Members;
  /** The harmless options, each as members that are added to the minimal request. */
  options: readonly Members[];
  /** Requests that are refused, each with what would open it. */
  hidden: readonly Hidden[];
}
