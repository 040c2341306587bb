import packageJson from "../../../package.json" with { type: "json" };
import type { ProblemCode } from "./problems.ts";

const HOMEPAGE = (packageJson as { homepage?: string }).homepage;

/**
 * The URL of the page that documents a problem.
 *
 * @param code the code of the problem
 * @param homepage the homepage of the project. Default: the one in `package.json`
 * @returns the URL; `undefined` when the project has no homepage
 */
export function documentationOf(
  code: ProblemCode,
  homepage: string | undefined = HOMEPAGE,
): string | undefined {
  return homepage && `${homepage.replace(/\/+$/, "")}/errors#${code}`;
}
