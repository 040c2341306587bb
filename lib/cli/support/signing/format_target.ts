import type { GrantedTarget } from "../../../signing/token/granted_target.ts";

/** Writes a target as `signToken` takes it. */
export function formatTarget({ methods, origin, path }: GrantedTarget): string {
  return `${methods ? `${methods.join(",")} ` : ""}${origin}${path}`;
}
