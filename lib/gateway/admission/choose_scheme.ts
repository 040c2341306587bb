import { decodeForm, isPresigned } from "../../signing/verify.ts";
import type { App } from "../model/app.ts";
import { requestTarget } from "../inbound.ts";
import { findRoute } from "./find_route.ts";
import type { Route } from "../model/route.ts";

/** Where apps and routes are found. */
export interface AppSources {
  findApp: (id: string) => App | undefined | Promise<App | undefined>;
  routes: readonly Route[];
}

/**
 * The app that a request says it is for, unverified: good enough to choose which pages may read the
 * answer, and for nothing else. It is found the way in which the request itself would be handled.
 *
 * @param request signed or not
 * @param sources where apps and routes are found
 * @returns `undefined` when it names none, or none that exists
 */
export async function claimedApp(
  request: Request,
  { findApp, routes }: AppSources,
): Promise<App | undefined> {
  try {
    const { path, query } = requestTarget(request);
    if (routes.length > 0 && !isPresigned(query)) return findRoute(routes, path).app;
    const credential = /(?:^|&)X-Sw-Credential=([^&]*)/.exec(query)?.[1];
    if (credential === undefined) return undefined;
    return await findApp(decodeForm(credential).replace(/\/[^/]*$/, ""));
  } catch {
    return undefined;
  }
}
