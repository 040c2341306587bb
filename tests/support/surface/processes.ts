import { childrenOf } from "../processes.ts";
import { waitFor } from "../wait_for.ts";
import { appsFor } from "./gateway_settings.ts";
import { type Program, showCalls } from "./program.ts";
import { setStage } from "./stage.ts";

/** What is logged by workers of which one is killed; by lines in the order of the alphabet. */
export async function showWorkers(program: Program): Promise<string[]> {
  await using stage = await setStage(program, appsFor, ["--workers", "2"]);
  const { gateway, mask } = stage;
  const listening = () => gateway.lines().filter(({ msg }) => msg === "listening").length;
  await waitFor("both workers", () => listening() === 2);
  const [first] = await childrenOf(gateway.pid);
  process.kill(first!, "SIGKILL");
  await waitFor("its successor", () => listening() === 3);
  gateway.kill("SIGHUP");
  const loaded = () => gateway.lines().filter(({ msg }) => msg === "configuration loaded").length;
  await waitFor("both reloads", () => loaded() === 2);
  const code = await gateway.stop();
  const lines = mask(gateway.stdout()).replace(/"worker":\d/g, '"worker":<n>');
  return [`# the log\n${lines.trimEnd().split("\n").toSorted().join("\n")}\nexit ${code}`];
}

const ENV = { SW_ID: "web", SW_SECRET: "a secret of more than 16 bytes" };

/** What a gateway prints that cannot listen, and what `health` says of one that does. */
export async function showAddresses(program: Program): Promise<string[]> {
  await using stage = await setStage(program, appsFor);
  const { gateway, upstream, admin, mask } = stage;
  const taken = ["--host", "127.0.0.1", "--port", String(gateway.port)];
  const free = ["--host", "127.0.0.1", "--port", "0"];
  return await showCalls({ ...program, mask }, [
    { args: taken, env: ENV, title: "signway on a port that is taken" },
    { args: [...free, "--admin", upstream.url.slice(7)], env: ENV, title: "the same for --admin" },
    { args: ["web", "short", ...taken], title: "with a short secret on the command line" },
    { args: ["check", "x", ...taken], title: "with an option that check does not have" },
    { args: ["health", gateway.url], title: "signway health" },
    { args: ["health", `${admin}/readyz`], title: "signway health of /readyz" },
    { args: ["health", `${admin}/nothing`], title: "signway health of another path" },
  ]);
}
