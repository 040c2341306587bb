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
        help: "Processes that share the port; auto = one a core. Default {default}.",
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
        help: "Serve /healthz, /readyz and /metrics there. Default: nowhere.",
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
        help: "Serve https, HTTP/2 included, with this certificate chain in PEM. SIGHUP reads it again.",
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
      "tls-key": { group: "Listening", value: "FILE", help: "The certificate's key in PEM." },
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
      http3: { group: "Listening", help: "With TLS: serve HTTP/3 on the same port too." },
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
        help: "Trust the certificates in this PEM file too.",
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
        help: "What running exchanges get when SIGTERM or SIGINT arrives. Default {default}.",
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
        help: `${LOG_LEVELS.join(", ").replace(/, (\w+)$/, " or $1")}. Default {default}.`,
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
        help: "Leave the transferred bytes out of the log.",
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
        help: "Answer a signature that does not match with the canonical request and the string to sign. For development.",
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
        help: "Load the file again on SIGHUP only, not when it changes.",
      },
    },
  },
} as const satisfies SettingRows;
