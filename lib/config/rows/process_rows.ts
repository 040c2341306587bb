import { z } from "zod";
import { LOG_FORMATS } from "../log_format.ts";
import { LOG_LEVELS } from "../log_level.ts";
import type { SettingRows } from "./setting_row.ts";
import { boolean, count, DAY, file, hostPort, seconds } from "./value_types.ts";

const MAX_WORKERS = 1024;

/** The settings for listening, logging and stopping. */
export const PROCESS_ROWS = {
  workers: {
    type: z.union([count.max(MAX_WORKERS), z.literal("auto")], {
      message: `a whole number from 1 to ${MAX_WORKERS}, or auto`,
    }),
    default: 1,
    description:
      "Number of processes that share the port, at most 1024; auto starts one per CPU core.",
    flags: {
      workers: {
        group: "Listening",
        value: "N",
        help: "Number of processes that share the port; auto starts one per CPU core. Default: {default}.",
        order: 2,
      },
    },
    needsRestart: true,
  },
  admin: {
    type: hostPort("127.0.0.1:13090"),
    description:
      "Address that serves /healthz, /readyz and /metrics, as HOST:PORT. Default: not served.",
    flags: {
      admin: {
        group: "Listening",
        value: "HOST:PORT",
        help: "Serve /healthz, /readyz and /metrics on this address. Default: not served.",
        order: 1,
      },
    },
    becomes: ["admin"],
    needsRestart: true,
  },
  admin_token: {
    // It goes into `Authorization: Bearer`. The JSON Schema has no such rule: in the file it may be a reference, which is shorter.
    type: z.string().refine((token) => /^[\x21-\x7e]{16,}$/.test(token), {
      message: "must be 16 or more visible ASCII characters, without spaces",
    }),
    description: "Token of the admin API and the dashboard on the address of `admin`.",
    details:
      "16 or more visible ASCII characters without spaces, for example `${SW_ADMIN_TOKEN}` with the output of `openssl rand -hex 32`. Without it there are only `/healthz`, `/readyz` and `/metrics`. Needs `admin`.",
    needsRestart: true,
  },
  tls_cert: {
    type: file,
    description: "PEM file with the certificate chain.",
    details: "Turns on HTTPS, including HTTP/2. Needs `tls_key`.",
    flags: {
      "tls-cert": {
        group: "Listening",
        value: "FILE",
        help: "Serve HTTPS, including HTTP/2, with the certificate chain in this PEM file. Needs --tls-key. Reloaded like the configuration.",
      },
    },
    file: "pem",
    becomes: ["tls"],
  },
  tls_key: {
    type: file,
    description: "PEM file with the private key of the certificate.",
    details: "Needs `tls_cert`.",
    flags: {
      "tls-key": {
        group: "Listening",
        value: "FILE",
        help: "PEM file with the private key of the certificate. Needs --tls-cert.",
      },
    },
    file: "pem",
    becomes: ["tls"],
  },
  http3: {
    type: boolean,
    default: false,
    description: "Whether HTTP/3 is served too, on the same port number.",
    details: "Needs `tls_cert`.",
    flags: {
      http3: {
        group: "Listening",
        help: "Also serve HTTP/3, on the same port number. Needs --tls-cert.",
      },
    },
    needsRestart: true,
  },
  upstream_ca: {
    type: file,
    description: "PEM file with further certificates to trust when connecting to upstreams.",
    details: "The default certificates stay trusted.",
    flags: {
      "upstream-ca": {
        group: "Upstreams",
        value: "FILE",
        help: "Also trust the certificates in this PEM file when connecting to upstreams.",
        order: 1,
      },
    },
    file: "pem",
    becomes: ["upstreamCa"],
  },
  drain: {
    type: seconds(DAY),
    default: 30,
    description: "Seconds that running exchanges may continue after SIGTERM or SIGINT.",
    flags: {
      drain: {
        group: "Limits",
        value: "SECONDS",
        help: "Seconds that running exchanges may continue after SIGTERM or SIGINT. Default: {default}.",
      },
    },
  },
  log_level: {
    type: z.enum(LOG_LEVELS),
    default: "info",
    description: "Lowest level to log.",
    details: `One of ${LOG_LEVELS.map((level) => `\`${level}\``).join(", ")}.`,
    flags: {
      "log-level": {
        group: "Logging",
        value: "LEVEL",
        choices: LOG_LEVELS,
        help: `Lowest level to log: ${LOG_LEVELS.join(", ").replace(/, (\w+)$/, " or $1")}. Default: {default}.`,
      },
    },
  },
  log_format: {
    type: z.enum(LOG_FORMATS),
    default: "auto",
    description:
      "How the log is written: json, text, or auto for text on a terminal and JSON elsewhere.",
    details: "Text has colours on a terminal, unless `NO_COLOR` is set.",
    flags: {
      "log-format": {
        group: "Logging",
        value: "FORMAT",
        choices: LOG_FORMATS,
        help: "How the log is written: json, text, or auto for text on a terminal and JSON elsewhere. Default: {default}.",
      },
    },
    needsRestart: true,
  },
  bytes_monitor: {
    type: boolean,
    default: true,
    description: "Whether the log has the number of transferred bytes.",
    flags: {
      "no-bytes-monitor": {
        group: "Logging",
        help: "Leave the number of transferred bytes out of the log.",
      },
    },
  },
  explain: {
    type: boolean,
    default: false,
    description:
      "Whether the response explains a signature that does not match. For development only.",
    details: "It shows the canonical request and the string to sign.",
    flags: {
      explain: {
        group: "Signatures",
        help: "Show the canonical request and the string to sign in the response if a signature does not match. For development only.",
      },
    },
  },
  watch: {
    type: boolean,
    default: true,
    description:
      "Whether the configuration is reloaded when a file changes, and not only on SIGHUP.",
    flags: {
      "no-watch": {
        group: "Configuration",
        help: "Reload the configuration on SIGHUP only, not when a file changes.",
      },
    },
  },
} as const satisfies SettingRows;
