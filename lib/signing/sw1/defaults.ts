export {
  DEFAULT_CLOCK_SKEW,
  DEFAULT_EXPIRES,
  DEFAULT_MAX_EXPIRES,
} from "../primitives/defaults.ts";
