import { BodyBudget } from "../../lib/gateway/body/body_budget.ts";
import type { UploadLimits } from "../../lib/gateway/body/upload_limits.ts";
import { TimerWheel } from "../../lib/gateway/time/timer_wheel.ts";

/** The limits on bodies for requests that no server hands over. */
export const UPLOAD_LIMITS: UploadLimits = {
  idleTimeout: 0,
  maxDuration: 0,
  timers: new TimerWheel(),
  unverified: new BodyBudget("unverified_limit"),
  checked: new BodyBudget("policy_bodies_limit"),
  maxUnverified: 1000,
};
