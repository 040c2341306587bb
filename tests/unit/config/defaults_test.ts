import { expect, test } from "bun:test";
import { APP, settingsOfFile, SIGNED_ROUTE } from "./configured.ts";

test("a file that says the least has the defaults of the schema", () => {
  const { apps, routes, ...settings } = settingsOfFile({ app: [APP], route: [SIGNED_ROUTE] });
  expect(settings).toEqual({
    host: "",
    port: 3000,
    cors: {},
    publicPath: "/",
    trustedProxies: [],
    maxExpires: 604_800,
    clockSkew: 300,
    maxSignedBody: 10_485_760,
    maxPolicyBody: 1_048_576,
    policies: [],
    maxUnverifiedBytes: 67_108_864,
    sseHeartbeat: 15,
    wsPing: 30,
    maxMessage: 16_777_216,
    headTimeout: 600,
    connectTimeout: 10,
    idleTimeout: 600,
    uploadIdleTimeout: 60,
    maxDuration: 0,
    atMostOnce: false,
    ledger: "memory",
    workers: 1,
    http3: false,
    drain: 30,
    bytesMonitor: true,
    logLevel: "info",
    logFormat: "auto",
    explain: false,
    watch: true,
    files: ["config.json"],
  });
  const [upstream] = APP.upstream;
  expect(apps).toEqual([
    {
      id: APP.id,
      secrets: APP.secrets,
      upstreams: [
        {
          url: new URL(upstream!.url),
          headers: [],
          allowPrivate: false,
          keepCookies: false,
          keepCaching: false,
          websocket: true,
        },
      ],
    },
  ]);
  expect(routes[0]?.signature).toEqual({
    secrets: SIGNED_ROUTE.signature.secrets,
    fields: ["path", "method"],
    delimiter: "",
    hash: "sha256",
    headers: ["Signature", "Api-Signature"],
  });
});

test("an origin of * stands for any", () => {
  const cors = { allow_origins: ["*"] };
  expect(settingsOfFile({ cors, app: [APP] }).cors).toEqual({});
});
