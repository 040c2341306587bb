import type { Settings } from "../../../config/settings.ts";
import type { RunningAdmin } from "../../../runtime/admin/admin.ts";
import type { RunningGateway } from "../../../runtime/listen.ts";

/** A process whose gateway listens. */
export interface ListeningService {
  settings: Settings;
  gateway: RunningGateway;
  /** Absent: there is no admin listener, or another process has it. */
  admin?: RunningAdmin | undefined;
}

/**
 * Describes a process in the line of the log that says that it listens.
 *
 * @param service the process
 */
export function describeService({ settings: { apps, routes }, gateway, admin }: ListeningService) {
  return {
    url: gateway.url,
    port: gateway.port,
    app: apps.map(({ id }) => id).join(", "),
    upstreams: apps.flatMap(({ upstreams }) =>
      upstreams.map((rule) => rule.url?.href ?? (rule.allowPrivate ? "any" : "any public")),
    ),
    ...(routes.length > 0 && { routes: routes.map(({ path }) => path) }),
    ...(admin && { admin_port: admin.port }),
  };
}
