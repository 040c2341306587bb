import type { Limits } from "../gateway/model/rule.ts";
import type { Settings } from "./settings.ts";

/**
 * Divides every limit of concurrent exchanges among the workers. A worker cannot count the exchanges of the
 * other workers.
 *
 * @param settings the settings of a valid configuration
 * @param workers the number of workers
 * @returns the settings with each `max_connections` divided by that number and rounded up
 */
export function shareLimits(settings: Settings, workers: number): Settings {
  const share = <T extends Limits>(limited: T): T =>
    limited.maxConnections === undefined
      ? limited
      : { ...limited, maxConnections: Math.ceil(limited.maxConnections / workers) };
  const { apps, routes } = settings;
  return {
    ...share(settings),
    apps: apps.map((app) => ({ ...share(app), upstreams: app.upstreams.map(share) })),
    routes: routes.map((route) => ({ ...share(route), upstreams: route.upstreams.map(share) })),
  };
}
