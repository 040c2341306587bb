import { expect, test } from "bun:test";
import { folderWith } from "../../../support/folder.ts";
import { runSignway } from "../../../support/run_signway.ts";
import { requirement } from "../../../support/requirement.ts";
import { ROOT } from "../../../support/root.ts";
import { buildComposeLoader } from "../compose_loader.ts";
import { installKubernetesValidate } from "../kubernetes_validate.ts";

const FLEET = `${ROOT}/deploy/fleet`;
const validator = await requirement("kubernetes-validate", installKubernetesValidate);
const loader = await requirement("compose-go through the Go proxy", buildComposeLoader);

test.skipIf("reason" in validator)("kubernetes.yaml fits the schemas of Kubernetes", async () => {
  const command = "value" in validator ? validator.value : "";
  const text = await Bun.file(`${FLEET}/kubernetes.yaml`).text();
  await using folder = await folderWith({
    "bad.yaml": text.replace("replicas: 3", "replicas: three"),
  });
  const validate = (file: string) => Bun.$`${command} --strict ${file}`.nothrow().quiet();
  const [good, bad] = await Promise.all([
    validate(`${FLEET}/kubernetes.yaml`),
    validate(folder.path("bad.yaml")),
  ]);
  expect(`${good.stdout}${good.stderr}`).not.toContain("rror");
  expect(good.exitCode).toBe(0);
  expect(bad.exitCode).not.toBe(0);
});

test("the script of its pods is one that a shell reads", async () => {
  const [{ data }] = Bun.YAML.parse(await Bun.file(`${FLEET}/kubernetes.yaml`).text()) as [
    { data: Record<string, string> },
  ];
  await using folder = await folderWith({ "start.sh": data["start.sh"]! });
  const { exitCode, stderr } = await Bun.$`sh -n ${folder.path("start.sh")}`.nothrow().quiet();
  expect([exitCode, stderr.toString()]).toEqual([0, ""]);
});

test.skipIf("reason" in loader)(
  "compose.yaml is loaded, and its gateways share a ledger",
  async () => {
    const command = "value" in loader ? loader.value : "";
    const loaded = (await Bun.$`${command} ${FLEET}/compose.yaml`.quiet().json()) as {
      services: Record<string, object>;
      configs: { signway: { content: string } };
    };
    expect(Object.keys(loaded.services)).toHaveLength(10);
    const { content } = loaded.configs.signway;
    await using folder = await folderWith({
      sw_secret: "a-secret-of-32-bytes-or-so-long.\n",
      openai_api_key: "sk-canary\n",
    });
    const secrets = folder.path("").replace(/\/$/, "");
    const files = { "signway.toml": content.replaceAll("/run/secrets", secrets) };
    const checked = await runSignway(["check", "signway.toml"], { files });
    expect(checked).toMatchObject({ code: 0, stderr: "" });
    expect(checked.stdout).toContain(
      "Keeps the counters of limits in redis+sentinel://sentinel-1:26379,sentinel-2:26379,sentinel-3:26379/main.",
    );
  },
);
