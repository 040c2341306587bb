import packageJson from "../../../package.json" with { type: "json" };
import type { ProblemCode } from "./problems.ts";

const HOMEPAGE = (packageJson as { homepage?: string }).homepage;

/**
 * The page that documents a problem.
 *
 * @param code the problem
 * @param homepage of the project. Default: that of `package.json`.
 * @returns the URL; `undefined` while the project has no homepage
 */
export function documentationOf(
  code: ProblemCode,
  homepage: string | undefined = HOMEPAGE,
): string | undefined {
  return homepage && `${homepage.replace(/\/+$/, "")}/errors#${code}`;
}
