import { readFile } from "node:fs/promises";
import { type RawClient, connect } from "../raw_client.ts";
import { chunk } from "../raw_upstream.ts";
import { requestBytes, signedTarget } from "../signed.ts";
import { waitFor } from "../wait_for.ts";
import { type Exchange, showExchange, SIGNED_AT, TEN_YEARS } from "./exchange.ts";
import { BROKEN, FORWARDED } from "./exchanges.ts";
import { appsFor, routesFor } from "./gateway_settings.ts";
import { EXPLAINED, REFUSED, ROUTED } from "./problems.ts";
import type { Program } from "./program.ts";
import { setStage, type Stage } from "./stage.ts";

/** Exchanges that are forwarded or end early, and what the admin listener says after them. */
export async function showForwarding(program: Program): Promise<string[]> {
  await using stage = await setStage(program, appsFor);
  return [...(await showAll(stage, [...FORWARDED, ...BROKEN])), ...(await showAdmin(stage))];
}

/** A problem of each code that a request can bring about, and more of some. */
export async function showProblems(program: Program): Promise<string[]> {
  await using apps = await setStage(program, appsFor);
  await using routes = await setStage(program, routesFor);
  await using explaining = await setStage(program, appsFor, ["--explain"]);
  return [
    ...(await showAll(apps, REFUSED)),
    await showBusy(apps),
    ...(await showAll(routes, ROUTED)),
    ...(await showAll(explaining, EXPLAINED)),
  ];
}

async function showAll(stage: Stage, exchanges: readonly Exchange[]): Promise<string[]> {
  const texts: string[] = [];
  for (const exchange of exchanges) texts.push(await showExchange(stage, exchange));
  return texts;
}

async function showBusy(stage: Stage): Promise<string> {
  using _ = await openStream(stage, "one");
  return await showExchange(stage, { title: "too_many_connections", sign: { id: "one" } });
}

const STREAM = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunk("first")}`;

/** A client that has the first piece of an answer without an end. */
async function openStream(stage: Stage, id: string): Promise<RawClient> {
  const { gateway, upstream } = stage;
  stage.play([STREAM]);
  const client = await connect(gateway.port);
  const options = { id, now: SIGNED_AT, expires: TEN_YEARS };
  const path = signedTarget(gateway.url, `${upstream.url}/stream`, options);
  await client.write(requestBytes("GET", path, { headers: [`X-Request-Id: stream-of-${id}`] }));
  await waitFor("the first piece", () => client.received().includes("first"));
  return client;
}

async function showAdmin({ admin, mask }: Stage): Promise<string[]> {
  const paths = ["/", "/healthz", "/readyz", "/metrics"];
  return await Promise.all(
    paths.map(async (path) => {
      const response = await fetch(admin + path);
      const { status, headers } = response;
      const text = await response.text();
      const lines = path === "/metrics" ? seriesOf(text) : [text];
      const type = headers.get("content-type") ?? "no type";
      return mask([`# admin ${path}`, `${status} ${type}`, ...lines].join("\n"));
    }),
  );
}

// Times and what a runtime says of itself differ from run to run; counts of exchanges do not.
function seriesOf(metrics: string): string[] {
  return metrics
    .split("\n")
    .filter((line) => /^(# TYPE|# HELP signway_|signway_)/.test(line))
    .map((line) => (/^#|_total\b/.test(line) ? line : line.replace(/ \S+$/, "")));
}

/** What is logged from the start of a gateway to its end, with reloads and a stream that is cut. */
export async function showLife(program: Program): Promise<string[]> {
  await using stage = await setStage(program, appsFor, ["--no-watch", "--idle-timeout", "60"]);
  await reload(stage, (text) => text.replace('"drain":1', '"drain":2'));
  await reload(stage, (text) => text.replace('"app"', '"workers":2,"max_connections":9,"app"'));
  await reload(stage, () => "{");
  await reload(stage, () => "{}");
  using stream = await openStream(stage, "test-app");
  using late = await connect(stage.gateway.port);
  const request = requestBytes("GET", "/", { headers: ["X-Request-Id: late"] });
  await late.write(request.subarray(0, -2));
  await Bun.sleep(100);
  stage.gateway.kill("SIGTERM");
  await waitFor("the stop", () => stage.gateway.lines().some(({ msg }) => msg === "stopping"));
  await late.write(request.subarray(-2));
  const code = await stage.gateway.exited;
  await stream.closed();
  const answer = late.received().toString("latin1").replaceAll("\r", "");
  return [
    `# an answer while it stops\n${stage.mask(answer)}`,
    `# the log\n${stage.mask(stage.gateway.stdout())}`,
    `# stderr\n${stage.mask(stage.gateway.stderr())}\nexit ${code}`,
  ];
}

async function reload({ gateway, file }: Stage, change: (text: string) => string): Promise<void> {
  const tried = () => gateway.lines().filter(({ msg }) => /^configuration /.test(msg)).length;
  const before = tried();
  await Bun.write(file, change(await readFile(file, "utf8")));
  gateway.kill("SIGHUP");
  await waitFor("the reload", () => tried() > before);
}
