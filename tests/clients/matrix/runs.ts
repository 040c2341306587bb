import { type Client, CLIENTS, type Runtime } from "./clients.ts";

/** A client in a runtime. */
export interface Run {
  /** The id of its app, and its name in every question. */
  id: string;
  runtime: Runtime;
  client: Client;
}

/** Every run. */
export const RUNS: readonly Run[] = CLIENTS.flatMap((client) =>
  client.runtimes.map((runtime) => {
    const id = `${runtime}-${client.entry}`.toLowerCase().replaceAll(/[ _]/g, "-");
    return { id, runtime, client };
  }),
);

/** The packages of a client, with their versions. */
export function titleOf({ packages }: Client): string {
  return packages.map(({ name, version }) => `${name} ${version}`).join(", ");
}
