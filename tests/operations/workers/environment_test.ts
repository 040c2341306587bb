import { describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import { waitFor } from "../../support/wait_for.ts";

/** What Kubernetes puts into each container for a Service of this name, and Docker for a link. */
function serviceVariables(service: string): Record<string, string> {
  const name = service.toUpperCase().replaceAll("-", "_");
  return {
    [`${name}_SERVICE_HOST`]: "10.0.0.12",
    [`${name}_SERVICE_PORT`]: "80",
    [`${name}_SERVICE_PORT_HTTP`]: "80",
    [`${name}_PORT`]: "tcp://10.0.0.12:80",
    [`${name}_PORT_80_TCP`]: "tcp://10.0.0.12:80",
    [`${name}_PORT_80_TCP_PROTO`]: "tcp",
    [`${name}_PORT_80_TCP_PORT`]: "80",
    [`${name}_PORT_80_TCP_ADDR`]: "10.0.0.12",
    [`${name}_NAME`]: `/web/${service}`,
    [`${name}_ENV_VERSION`]: "1",
  };
}

const ENVIRONMENTS: [string, Record<string, string>][] = [
  ["a Service named signway", serviceVariables("signway")],
  ["a Service named sw", serviceVariables("sw")],
  ["a Service named signway-worker", serviceVariables("signway-worker")],
  ["a port in SIGNWAY_PORT", { SIGNWAY_PORT: "1" }],
  ["no port in SIGNWAY_PORT", { SIGNWAY_PORT: "http" }],
  ["the variable of a worker", { SIGNWAY_WORKER: "1" }],
];

describe.each([1, 2])("with %i workers nothing depends on", (workers) => {
  test.each(ENVIRONMENTS)("%s", async (_, env) => {
    await using gateway = await startGateway({ args: ["--workers", `${workers}`], env });
    const listening = () => gateway.lines().filter(({ msg }) => msg === "listening");
    await waitFor("all workers", () => listening().length === workers);
    expect(new Set(listening().map(({ port }) => port))).toEqual(new Set([gateway.port]));
    expect(gateway.lines().map(({ level }) => level)).toEqual(listening().map(() => "info"));
    expect((await fetch(gateway.url)).status).toBe(400);
    expect(await gateway.stop()).toBe(0);
  });
});
