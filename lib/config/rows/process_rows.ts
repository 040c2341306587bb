import { z } from "zod";
import { LOG_LEVELS } from "../log_level.ts";
import type { SettingRows } from "./setting_row.ts";
import { boolean, count, DAY, file, hostPort, seconds } from "./value_types.ts";

/** How the process listens, logs and ends. */
export const PROCESS_ROWS = {
  workers: {
    type: z.union([count, z.literal("auto")], { message: "a whole number, 1 or more, or auto" }),
    default: 1,
    description: "Processes that share the port; auto = one a core.",
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
    type: hostPort("127.0.0.1:9090"),
    description: "Where /healthz, /readyz and /metrics are served. Default: nowhere.",
    details: "Written `HOST:PORT`.",
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
  tls_cert: {
    type: file,
    description: "The file with the certificate chain, in PEM.",
    details: "Serves https, HTTP/2 included; needs `tls_key`.",
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
    description: "The file with the certificate's key, in PEM.",
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
    description: "With TLS: whether HTTP/3 is served too.",
    details: "On the same port.",
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
    description: "A file with further certificates to trust, in PEM.",
    details: "The certificates of the system stay trusted.",
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
    description: "Seconds that running exchanges get at a stop.",
    details: "SIGTERM and SIGINT stop the gateway.",
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
    details: `The lowest level that is logged, of ${LOG_LEVELS.map((level) => `\`${level}\``).join(", ")}.`,
    flags: {
      "log-level": {
        group: "Logging",
        value: "LEVEL",
        help: `Lowest level to log: ${LOG_LEVELS.join(", ").replace(/, (\w+)$/, " or $1")}. Default: {default}.`,
      },
    },
  },
  bytes_monitor: {
    type: boolean,
    default: true,
    description: "Whether the log says how many bytes were transferred.",
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
    description: "Whether a wrong signature is explained. For development.",
    details: "The response shows the signed texts that the gateway computed.",
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
    description: "Whether a change of a file is loaded at once, as SIGHUP does.",
    flags: {
      "no-watch": {
        group: "Configuration",
        help: "Reload the configuration on SIGHUP only, not when a file changes.",
      },
    },
  },
} as const satisfies SettingRows;
