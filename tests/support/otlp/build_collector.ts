import { existsSync, mkdirSync } from "node:fs";
import { acquireLock } from "../lock.ts";
import { ROOT } from "../root.ts";

const VERSION = "v0.165.0";
const BUILDER = `go.opentelemetry.io/collector/cmd/builder@${VERSION}`;

const MANIFEST = `dist:
  name: collector
  output_path: ./built
receivers:
  - gomod: go.opentelemetry.io/collector/receiver/otlpreceiver ${VERSION}
exporters:
  - gomod: go.opentelemetry.io/collector/exporter/debugexporter ${VERSION}
  - gomod: go.opentelemetry.io/collector/exporter/otlphttpexporter ${VERSION}
`;

/**
 * Builds OpenTelemetry's Collector from the Go module proxy, once: with the receiver of OTLP, and exporters that print
 * and that pass on. It takes minutes, and needs Go 1.25 or later.
 *
 * @returns the path of the program
 */
export async function buildCollector(): Promise<string> {
  using _ = await acquireLock("collector");
  const folder = `${ROOT}/.cache/collector-${VERSION}`;
  const program = `${folder}/built/collector`;
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  await Bun.write(`${folder}/manifest.yaml`, MANIFEST);
  const go = Bun.which("go", { PATH: `/usr/local/go/bin:${process.env["PATH"]}` });
  if (!go) throw new Error("go is missing");
  const env = {
    ...process.env,
    GOFLAGS: "-mod=mod",
    GOTOOLCHAIN: "local",
    PATH: `/usr/local/go/bin:${process.env["PATH"]}`,
  };
  const child = Bun.spawn([go, "run", BUILDER, "--config=manifest.yaml"], {
    cwd: folder,
    env,
    stdout: "inherit",
    stderr: "inherit",
  });
  if ((await child.exited) !== 0) throw new Error("the collector was not built");
  return program;
}
