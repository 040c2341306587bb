import { MAX_CHECKED_BYTES } from "../../gateway/body/upload_limits.ts";
import { DEFAULTS } from "../../gateway/defaults.ts";
import { z } from "zod";
import type { SettingRows } from "./setting_row.ts";
import { audience } from "./token_rows.ts";
import { addressRange, boolean, bytes, count, DAY, file, seconds, urlPath } from "./value_types.ts";

// A message is in memory as a whole.
const MAX_MESSAGE = 64 * 1024 * 1024;

/** The settings for verifying, forwarding and limiting exchanges. */
export const EXCHANGE_ROWS = {
  public_path: {
    type: urlPath("a path, such as /signway"),
    default: DEFAULTS.publicPath,
    description: "Path prefix that a reverse proxy strips before the gateway.",
    details: "Signers must include it in the gateway's URL.",
    flags: {
      "public-path": {
        group: "Listening",
        value: "PATH",
        help: "Path prefix that a reverse proxy strips before the gateway. Default: {default}.",
        order: 3,
      },
    },
  },
  trusted_proxies: {
    type: z.array(addressRange),
    default: [],
    description: "Reverse proxies in front that report the address of the client.",
    details: "Addresses or CIDR ranges. [What they report](#the-address-of-the-client).",
  },
  audience: {
    type: audience,
    description: "Must be in the claim aud of an access token, unless the app has its own.",
    details: "Without an audience, a token with `aud` is refused.",
  },
  max_expires: {
    type: seconds(3650 * DAY, 1),
    default: DEFAULTS.maxExpires,
    description: "Maximum validity of a signed URL or a token, in seconds.",
    flags: {
      "max-expires": {
        group: "Signatures",
        value: "SECONDS",
        help: "Maximum validity of a signed URL or a token, in seconds. Default: {default}, a week.",
      },
    },
  },
  clock_skew: {
    type: seconds(DAY),
    default: DEFAULTS.clockSkew,
    description: "Seconds that a signer's clock may be ahead of the gateway's.",
    flags: {
      "clock-skew": {
        group: "Signatures",
        value: "SECONDS",
        help: "Seconds that a signer's clock may be ahead of the gateway's. Default: {default}.",
      },
    },
  },
  max_signed_body: {
    type: bytes,
    default: DEFAULTS.maxSignedBody,
    description: "Maximum size of a signed request body, in bytes.",
    details: "The gateway reads a signed body to its end before it forwards the request.",
    flags: {
      "max-signed-body": {
        group: "Signatures",
        value: "BYTES",
        help: "Maximum size of a signed request body, in bytes. Default: {default}.",
      },
    },
  },
  max_policy_body: {
    type: bytes.max(MAX_CHECKED_BYTES),
    default: DEFAULTS.maxPolicyBody,
    description: "Maximum size of a request body under a policy, in bytes; at most 64 MiB.",
    details:
      "All such bodies of a process share 64 MiB. Further requests get 503 with `Retry-After`.",
  },
  max_unverified_bytes: {
    type: bytes,
    default: DEFAULTS.maxUnverifiedBytes,
    description:
      "Maximum size of all unverified request bodies in the memory of a process, in bytes.",
    details:
      "Never less than `max_signed_body`. Above the limit, the request with the slowest body gets 503 with `Retry-After`.",
    flags: {
      "max-unverified-bytes": {
        group: "Limits",
        value: "BYTES",
        help: "Maximum size of all unverified request bodies in the memory of a process, in bytes. Default: {default}.",
      },
    },
  },
  sse_heartbeat: {
    type: seconds(DAY),
    default: DEFAULTS.sseHeartbeat,
    description:
      "Seconds of silence after which an event stream gets a heartbeat; 0 turns heartbeats off.",
    flags: {
      "sse-heartbeat": {
        group: "Upstreams",
        value: "SECONDS",
        help: "Seconds of silence after which an event stream gets a heartbeat. Default: {default}; 0 turns heartbeats off.",
        order: 3,
      },
    },
  },
  ws_ping: {
    type: seconds(DAY),
    default: DEFAULTS.wsPing,
    description:
      "Seconds of silence after which the client of a WebSocket gets a ping; 0 turns pings off.",
    details: "A client that leaves two pings unanswered is disconnected.",
  },
  max_message: {
    type: bytes.min(1).max(MAX_MESSAGE),
    default: DEFAULTS.maxMessage,
    description: "Maximum size of a WebSocket message, in bytes; at most 64 MiB.",
    details: "A larger message ends the WebSocket with the code 1009.",
    needsRestart: true,
  },
  head_timeout: {
    type: seconds(DAY),
    default: DEFAULTS.headTimeout,
    description: "Seconds to wait for the response headers of an upstream; 0 sets no limit.",
    flags: {
      "head-timeout": {
        group: "Limits",
        value: "SECONDS",
        help: "Seconds to wait for the response headers of an upstream. Default: {default}; 0 sets no limit.",
      },
    },
  },
  connect_timeout: {
    type: seconds(DAY),
    default: DEFAULTS.connectTimeout,
    description: "Seconds to wait for a connection to an upstream; 0 sets no limit.",
    flags: {
      "connect-timeout": {
        group: "Limits",
        value: "SECONDS",
        help: "Seconds to wait for a connection to an upstream. Default: {default}; 0 sets no limit.",
        order: -1,
      },
    },
  },
  idle_timeout: {
    type: seconds(DAY),
    default: DEFAULTS.idleTimeout,
    description: "Seconds without data after which a response is cut off; 0 sets no limit.",
    details: "A response of up to 64 kB has to arrive within them.",
    flags: {
      "idle-timeout": {
        group: "Limits",
        value: "SECONDS",
        help: "Seconds without data after which a response is cut off. Default: {default}; 0 sets no limit.",
      },
    },
  },
  upload_idle_timeout: {
    type: seconds(DAY),
    default: DEFAULTS.uploadIdleTimeout,
    description: "Seconds that a request body may stall; 0 sets no limit.",
    details:
      "A body of up to 64 kB must arrive within this time plus one second per KiB. A signed body must arrive at 1 KiB per second on average, not counting this time, and before its URL expires.",
    flags: {
      "upload-idle-timeout": {
        group: "Limits",
        value: "SECONDS",
        help: "Seconds that a request body may stall. Default: {default}; 0 sets no limit.",
      },
    },
  },
  max_duration: {
    type: seconds(DAY),
    default: DEFAULTS.maxDuration,
    description: "Maximum duration of an exchange, in seconds; 0 sets no limit.",
    flags: {
      "max-duration": {
        group: "Limits",
        value: "SECONDS",
        help: "Maximum duration of an exchange, in seconds. Default: {default}, which sets no limit.",
      },
    },
  },
  max_connections: {
    type: count,
    description: "Maximum number of concurrent exchanges. Default: no limit.",
    details:
      "Only verified requests count. Further requests get 503 with `Retry-After`. With N workers, each worker gets 1/N of this limit and of every other `max_connections`, rounded up.",
    flags: {
      "max-connections": {
        group: "Limits",
        value: "N",
        help: "Maximum number of concurrent exchanges. Further requests get 503 with Retry-After. Default: no limit.",
      },
    },
  },
  at_most_once: {
    type: boolean,
    default: false,
    description: "Whether every GET, HEAD and OPTIONS request gets a new connection.",
    details:
      "On a pooled connection that turns out to be closed, the runtime would send the request a second time. PUT and DELETE requests always get a new connection, and the runtime never repeats POST and PATCH.",
    flags: {
      "at-most-once": {
        group: "Upstreams",
        help: "Open a new connection for every GET, HEAD and OPTIONS request. On a pooled connection that turns out to be closed, the runtime would send the request a second time.",
        order: 2,
      },
    },
  },
  prices: {
    type: file,
    description: "JSON file with prices of models, which complete and replace the built-in ones.",
    details: "[Its form](usage.md#your-own-prices). Reloaded like the configuration.",
    file: "prices",
    becomes: ["prices"],
  },
} as const satisfies SettingRows;
