import { expect, test } from "bun:test";
import { folderWith } from "../../support/folder.ts";
import { finished } from "../../support/finished.ts";
import { requirement } from "../../support/requirement.ts";
import { ROOT } from "../../support/root.ts";

const FOLDER = `${ROOT}/deploy/prometheus`;
const ALERTS = await Bun.file(`${FOLDER}/alerts.yml`).text();
const CONFIG = await Bun.file(`${FOLDER}/prometheus.yml`).text();

// Prometheus listens on its own default port, in a network where nothing else listens. It is asked
// until it has scraped the target.
const SCRIPT = `ip link set lo up
cd "$1"
prometheus --config.file=prometheus.yml --storage.tsdb.path=data >log 2>&1 &
until promtool query instant http://127.0.0.1:9090 'up{job="signway"}' 2>>log | grep '=> [01]'; do
  sleep 0.2
done`;

// With the script ends all that it has started.
const ALONE = ["--net", "--pid", "--fork", "--kill-child"];

const able = await requirement("Prometheus in a network of its own", async () => {
  const missing = ["unshare", "ip", "prometheus", "promtool"].filter((tool) => !Bun.which(tool));
  if (missing.length > 0) throw new Error(`not installed: ${missing.join(", ")}`);
  await Bun.$`unshare ${ALONE} ip link set lo up`.quiet();
});

test("Prometheus scrapes the address that signway.toml sets", async () => {
  const { admin } = Bun.TOML.parse(await Bun.file(`${ROOT}/deploy/signway.toml`).text()) as {
    admin: string;
  };
  expect(CONFIG).toContain(`targets: ["${admin}"]`);
});

test.skipIf("reason" in able)("without a gateway, Prometheus finds its target down", async () => {
  await using folder = await folderWith({
    "alerts.yml": ALERTS,
    "prometheus.yml": CONFIG.replace("scrape_interval: 15s", "scrape_interval: 250ms"),
  });
  const command = ["unshare", ...ALONE, "sh", "-ec", SCRIPT, "sh", folder.path(".")];
  const { stdout } = await finished(Bun.spawn(command, { stdout: "pipe", stderr: "pipe" }));
  expect(stdout).toMatch(/^up\{.*\} => 0 /);
});
