import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../../support/free_port.ts";
import type { StoreProgram } from "../../../support/ledger/redis/store_programs.ts";
import { ROOT } from "../../../support/root.ts";
import { type ServiceProcess, startService } from "./service_process.ts";

/** What of the compose file a process is made of. */
interface Service {
  command?: string[];
  configs: { source: string; target: string }[];
}

interface Compose {
  services: Record<string, Service>;
  configs: Record<string, { content: string }>;
}

const COMPOSE = Bun.YAML.parse(
  await Bun.file(`${ROOT}/deploy/fleet/compose.yaml`).text(),
) as Compose;

/** What stands for the hosts, files and images of the compose file. */
export interface Replacements {
  program: StoreProgram;
  /** The command that starts a gateway. */
  gateway: readonly string[];
  /** The URL of the API. */
  upstream: string;
  secrets: Readonly<Record<string, string>>;
}

/** The services of the compose file, each as a process of its own. */
export interface DescribedFleet extends AsyncDisposable {
  /** The port of the balancer. */
  port: number;
  services: ReadonlyMap<string, ServiceProcess>;
  portOf: (service: string) => number;
}

/** The port on which a service listens, by its name. */
function containerPort(name: string): number {
  if (name.startsWith("sentinel")) return 26379;
  if (name.startsWith("valkey")) return 6379;
  return name === "nginx" ? 8080 : 3000;
}

/** Starts the services one after the other. */
export async function startDescribedFleet(replacements: Replacements): Promise<DescribedFleet> {
  const folder = await mkdtemp(join(tmpdir(), "signway-fleet-"));
  const ports = new Map<string, number>();
  for (const name of Object.keys(COMPOSE.services)) ports.set(name, await freePort());
  for (const [name, secret] of Object.entries(replacements.secrets)) {
    await Bun.write(join(folder, name), secret);
  }
  const services = new Map<string, ServiceProcess>();
  const stop = async () => {
    await Promise.all([...services.values()].map((service) => service.stop("SIGKILL")));
    await rm(folder, { recursive: true });
  };
  const order = ["valkey", "sentinel", "gateway", "nginx"];
  const names = [...ports.keys()].toSorted(
    (a, b) => order.indexOf(kindOf(a)) - order.indexOf(kindOf(b)),
  );
  try {
    for (const name of names) {
      const parts = { name, folder: join(folder, `of-${name}`), port: ports.get(name)! };
      services.set(
        name,
        await startService(await commandOf(parts, folder, { ports, ...replacements }), parts),
      );
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    port: ports.get("nginx")!,
    services,
    portOf: (name) => ports.get(name)!,
    [Symbol.asyncDispose]: stop,
  };
}

function kindOf(name: string): string {
  return name.replace(/-\d$/, "");
}

interface Surroundings extends Replacements {
  ports: ReadonlyMap<string, number>;
}

/** Writes the configuration of a service, and returns the command that starts it. */
async function commandOf(
  { name, folder, port }: { name: string; folder: string; port: number },
  secrets: string,
  { ports, program, gateway, upstream }: Surroundings,
): Promise<string[]> {
  const { command = [], configs } = COMPOSE.services[name]!;
  const local = (text: string) => withPorts(text, ports);
  const content = COMPOSE.configs[configs[0]!.source]!.content.replaceAll("$$", "$");
  const file = join(folder, configs[0]!.target.split("/").at(-1)!);
  const text = local(content)
    .replaceAll("/run/secrets", secrets)
    // The name of the host tells which provider it is.
    .replace(
      /^ *url = "https:\/\/api\.openai\.com\/v1\/"$/m,
      `url = "${upstream}"\nprovider = "openai"`,
    )
    .replace(/^dir .*$/m, `dir ${folder}`)
    .replace(/^listen = .*$/m, `listen = "127.0.0.1:${port}"`)
    .replace(/listen 8080;/, `listen 127.0.0.1:${port};`)
    .replace(/^port 26379$/m, `port ${port}`)
    .replace(/^replica-announce-port .*$/m, `port ${port}\nbind 127.0.0.1`);
  await Bun.write(file, text);
  switch (kindOf(name)) {
    case "valkey":
      return [...program.command, file, ...command.slice(2).map(local)];
    case "sentinel":
      return [...program.command, file, "--sentinel"];
    case "gateway":
      return [...gateway, "serve", "--config", file];
    default:
      await Bun.write(join(folder, "main.conf"), mainOf(file));
      return ["nginx", "-p", folder, "-c", "main.conf"];
  }
}

/** A service is a host of its own in the compose file, and a port of its own here. */
function withPorts(text: string, ports: ReadonlyMap<string, number>): string {
  let replaced = text;
  for (const [name, port] of ports) {
    const own = containerPort(name);
    replaced = replaced
      .replaceAll(`${name} ${own}`, `127.0.0.1 ${port}`)
      .replaceAll(`${name}:${own}`, `127.0.0.1:${port}`)
      .replaceAll(new RegExp(`\\b${name}(?=[,/])`, "g"), `127.0.0.1:${port}`)
      .replaceAll(new RegExp(`^${name}$`, "g"), "127.0.0.1");
  }
  return replaced;
}

function mainOf(file: string): string {
  return `
    daemon off;
    pid nginx.pid;
    error_log stderr crit;
    events {}
    http {
      client_body_temp_path body;
      proxy_temp_path proxy;
      fastcgi_temp_path fastcgi;
      uwsgi_temp_path uwsgi;
      scgi_temp_path scgi;
      include ${file};
    }
  `;
}
