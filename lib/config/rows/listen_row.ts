import { hostPort } from "./value_types.ts";

/** The port if neither `listen`, `--port` nor the environment variable `PORT` sets it. */
export const DEFAULT_PORT = 3000;

/** The setting for the address of the gateway. */
export const LISTEN_ROW = {
  type: hostPort("0.0.0.0:3000 or :3000"),
  default: `:${DEFAULT_PORT}`,
  description: "Address to listen on, as HOST:PORT. Without a host: all interfaces.",
  details: "An IPv6 address is written in brackets. Port 0 selects a free port.",
  flags: {
    host: {
      group: "Listening",
      value: "ADDRESS",
      help: "Address to listen on. Default: all interfaces.",
    },
    port: {
      group: "Listening",
      value: "PORT",
      help: `Port to listen on; 0 selects a free port. Default: the environment variable PORT, else ${DEFAULT_PORT}.`,
    },
  },
  becomes: ["host", "port"],
  needsRestart: true,
} as const;
