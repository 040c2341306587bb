import { describe, expect, test } from "bun:test";
import { folderWith } from "../../support/folder.ts";
import { runSignway } from "../../support/run_signway.ts";
import { requirement } from "../../support/requirement.ts";
import { buildComposeLoader } from "./compose_loader.ts";
import { installKubernetesValidate } from "./kubernetes_validate.ts";
import { ROOT } from "../../support/root.ts";

const DEPLOY = `${ROOT}/deploy`;
const KUBERNETES = `${DEPLOY}/kubernetes.yaml`;
const COMPOSE = `${DEPLOY}/compose.yaml`;

interface Container {
  startupProbe: object;
  readinessProbe: object;
  livenessProbe: object;
}
interface Manifest {
  kind: string;
  data: Record<string, string>;
  spec: { template: { spec: { terminationGracePeriodSeconds: number; containers: Container[] } } };
}
interface Compose {
  services: { signway: Record<string, unknown> };
  configs: { signway: { content: string } };
  secrets: Record<string, { file: string }>;
}

const manifests = Bun.YAML.parse(await Bun.file(KUBERNETES).text()) as Manifest[];
const find = (kind: string) => manifests.find((manifest) => manifest.kind === kind)!;
const validator = await requirement("kubernetes-validate", installKubernetesValidate);
const loader = await requirement("compose-go through the Go proxy", buildComposeLoader);

/** Checks a configuration whose secrets lie in a folder of the container. */
async function check(text: string, secrets: string) {
  await using folder = await folderWith({
    sw_secret: "a-secret-of-32-bytes-or-so-long.\n",
    openai_api_key: "sk-canary\n",
  });
  const files = { "signway.toml": text.replaceAll(secrets, folder.path("").replace(/\/$/, "")) };
  return await runSignway(["check", "signway.toml"], { files });
}

describe("kubernetes.yaml", () => {
  test.skipIf("reason" in validator)(
    "fits the schemas of Kubernetes, and a mistake would not",
    async () => {
      const command = "value" in validator ? validator.value : "";
      const text = await Bun.file(KUBERNETES).text();
      await using folder = await folderWith({
        "bad.yaml": text.replace("readOnlyRootFilesystem: true", "readOnlyRootFilesystem: maybe"),
      });
      const validate = (file: string) => Bun.$`${command} --strict ${file}`.nothrow().quiet();
      const [good, bad] = await Promise.all([
        validate(KUBERNETES),
        validate(folder.path("bad.yaml")),
      ]);
      expect(good.exitCode).toBe(0);
      expect(`${bad.stdout}${bad.stderr}`).toContain("readOnlyRootFilesystem");
      expect(bad.exitCode).not.toBe(0);
    },
  );

  test("holds a configuration that Signway accepts", async () => {
    const text = find("ConfigMap").data["signway.toml"]!;
    const checked = await check(text, "/run/secrets/signway");
    expect(checked).toMatchObject({ code: 0, stderr: "" });
    expect(checked.stdout).toContain("https://api.openai.com/v1/, with Authorization");
  });

  test("gives the drain, and the pause before it, the time they take", () => {
    const { drain } = Bun.TOML.parse(find("ConfigMap").data["signway.toml"]!) as { drain: number };
    const { spec } = find("Deployment").spec.template;
    expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(drain + 5);
  });

  test("asks the admin listener how it is", () => {
    const [container] = find("Deployment").spec.template.spec.containers;
    const asks = (path: string) => ({ httpGet: { path, port: "admin" } });
    expect(container).toMatchObject({
      startupProbe: asks("/readyz"),
      readinessProbe: asks("/readyz"),
      livenessProbe: asks("/healthz"),
    });
  });
});

describe.skipIf("reason" in loader)("compose.yaml", () => {
  const load = (file: string) => Bun.$`${"value" in loader ? loader.value : ""} ${file}`.quiet();
  const loaded = async () => (await load(COMPOSE).json()) as Compose;

  test("holds a configuration that Signway accepts", async () => {
    const text = (await loaded()).configs.signway.content;
    expect(await check(text, "/run/secrets")).toMatchObject({ code: 0, stderr: "" });
  });

  test("gives the container no more than it needs", async () => {
    const { services, secrets } = await loaded();
    const sources = Object.keys(secrets).sort();
    expect(services.signway).toMatchObject({
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
      secrets: expect.arrayContaining(sources.map((source) => ({ source }))),
    });
  });

  test.each([
    ["read_only: true", "read_only: maybe", "invalid boolean: maybe"],
    ["cap_drop", "cap_dorp", "cap_dorp is not allowed"],
    ["[sw_secret,", "[sw_secert,", "undefined secret sw_secert"],
    ["source: signway", "source: signwya", "undefined config signwya"],
    ["$${file", "${file", "invalid interpolation format"],
    ["1:3000:3000", "1:300000:3000", "Invalid hostPort: 300000"],
    ["45s", "45 parsecs", "stop_grace_period"],
  ])("would not load with a mistake: %s as %s", async (right, wrong, complaint) => {
    const text = await Bun.file(COMPOSE).text();
    await using folder = await folderWith({ "bad.yaml": text.replaceAll(right, () => wrong) });
    const { exitCode, stderr } = await load(folder.path("bad.yaml")).nothrow();
    expect([exitCode, stderr.toString()]).toEqual([1, expect.stringContaining(complaint)]);
  });
});
