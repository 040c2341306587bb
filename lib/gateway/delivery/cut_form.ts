import type { AuthorizedTarget } from "../model/grant.ts";
import type { CutForm } from "../providers/operation.ts";
import { OPERATIONS } from "../providers/operations.ts";
import { providerOfRule } from "../providers/provider.ts";

/** The ends of the paths of operations with streams, and the forms of their errors. */
const FORMS: readonly (readonly [end: string, form: CutForm])[] = Object.values(OPERATIONS)
  .flat()
  .flatMap(({ path, cut }) => (cut ? [[path.slice(path.lastIndexOf("}") + 1), cut]] : []));

/**
 * The form of an error in an event stream that ends early. An API may have operations of another one: Google's has
 * OpenAI's chat.
 *
 * @param target of the request
 * @returns `undefined` when it is no operation of a known API with a stream
 */
export function cutFormOf({ url, rule }: AuthorizedTarget): CutForm | undefined {
  const provider = providerOfRule(rule, url);
  if (provider === undefined || provider === "mcp") return undefined;
  return FORMS.find(([end]) => url.pathname.endsWith(end))?.[1];
}
