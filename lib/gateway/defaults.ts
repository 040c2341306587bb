import { DEFAULT_CLOCK_SKEW, DEFAULT_MAX_EXPIRES } from "../signing/verify.ts";

/** The gateway's limits where the operator sets none. Times are in seconds, sizes in bytes. */
export const DEFAULTS = {
  publicPath: "/",
  maxExpires: DEFAULT_MAX_EXPIRES,
  clockSkew: DEFAULT_CLOCK_SKEW,
  maxSignedBody: 10 * 1024 * 1024,
  maxPolicyBody: 1024 * 1024,
  maxUnverifiedBytes: 64 * 1024 * 1024,
  sseHeartbeat: 15,
  headTimeout: 600,
  connectTimeout: 10,
  idleTimeout: 600,
  uploadIdleTimeout: 60,
  wsPing: 30,
  maxMessage: 16 * 1024 * 1024,
  /** 0 = no limit. */
  maxDuration: 0,
} as const;
