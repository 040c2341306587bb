import { describe, expect, test } from "bun:test";
import { runSignway } from "../../support/run_signway.ts";
import { PEM } from "../config/pem_of_settings.ts";

const PEM_FILES = { "cert.pem": PEM.cert, "key.pem": PEM.key };
const CANARY = "canary-7f3a9c-of-more-than-32-bytes";

describe("signway check tells where it listens, and for whom:", () => {
  const app = { id: "web", secrets: [CANARY], upstream: [{ url: "https://api.example/" }] };
  const said = async (shape: object) => {
    const files = { "a.json": JSON.stringify({ listen: ":4000", ...shape }), ...PEM_FILES };
    const { code, stdout } = await runSignway(["check", "a.json"], { files });
    expect(code).toBe(0);
    return stdout.split("\n\n")[0]!.split("\n");
  };
  const [LISTENS, ANY] = [
    "Listens on all interfaces, port 4000",
    "Pages of any origin may read responses.",
  ];
  const tls = { tls_cert: "cert.pem", tls_key: "key.pem" };
  const admin = "127.0.0.1:13090";

  test.each<[string, object, string[]]>([
    ["no origins", { cors: { allow_origins: [] } }, [`${LISTENS}.`, "No page may read responses."]],
    ["TLS", tls, [`${LISTENS}, with HTTPS.`, ANY]],
    ["HTTP/3", { ...tls, http3: true }, [`${LISTENS}, with HTTPS and HTTP/3.`, ANY]],
    ["workers", { workers: 3 }, [`${LISTENS}.`, "Runs 3 workers.", ANY]],
    ["any workers", { workers: "auto" }, [`${LISTENS}.`, "Runs one worker per CPU core.", ANY]],
    [
      "an admin address",
      { admin },
      [`${LISTENS}.`, "Health and metrics are served on 127.0.0.1, port 13090.", ANY],
    ],
    [
      "an admin API",
      { admin, admin_token: CANARY },
      [`${LISTENS}.`, "The admin API is served on 127.0.0.1, port 13090.", ANY],
    ],
  ])("%s", async (_, shape, lines) => {
    expect((await said({ app: [app], ...shape })).slice(0, -1)).toEqual(lines);
  });

  test("no origins of an app", async () => {
    const files = { "a.json": JSON.stringify({ app: [{ ...app, cors: { allow_origins: [] } }] }) };
    const { stdout } = await runSignway(["check", "a.json"], { files });
    expect(stdout).toContain("\n  No page may read responses.\n");
  });
});
