import { includesMarker, markerOf } from "../usage/find_bytes.ts";
import type { Media } from "../usage/rates.ts";

/** The parts of a request apart from text, by the entries of `allow` that they needed. */
export interface Needs {
  media: Media;
  images: number;
  hasTools: boolean;
  /** The entry of a tool that runs at the provider. */
  hosted: string | undefined;
  isInBackground: boolean;
  /** Whether it has something whose tokens cannot be told from the body. */
  isUnbounded: boolean;
  /** Its entry. */
  unbounded: string;
}

const CACHES: readonly string[] = ["field:cache_control", "field:prompt_cache_breakpoint"];

const TIME_TO_LIVE = markerOf('"ttl"');

/** Entries that open a part of unknown length: a file, or something that the API keeps. */
const LONG: readonly string[] = ["files", "audio", "state"];

/**
 * Sorts the entries of `allow` that a request needed.
 *
 * @param used the entries, and how often
 * @param bytes the body
 */
export function needsOf(used: ReadonlyMap<string, number>, bytes: Uint8Array): Needs {
  const entries = [...used.keys()];
  const unbounded = entries.find(isUnboundedEntry);
  const isUnbounded = unbounded !== undefined;
  const isHidden = entries.some((entry) => entry !== "audio" && isUnboundedEntry(entry));
  return {
    media: {
      // A file may be any of them.
      audio: used.has("audio") || isHidden,
      images: used.has("images") || isHidden,
      video: isHidden,
      cache: CACHES.some((entry) => used.has(entry)) && includesMarker(bytes, TIME_TO_LIVE),
    },
    images: used.get("images") ?? 0,
    hasTools: used.has("tools"),
    hosted: entries.find((entry) => entry.startsWith("tools:")),
    isInBackground: used.has("field:background"),
    isUnbounded,
    unbounded: unbounded ?? "",
  };
}

function isUnboundedEntry(entry: string): boolean {
  return LONG.includes(entry) || isUnknownField(entry);
}

/** A field that the operator opened, and whose meaning is not known here. */
function isUnknownField(entry: string): boolean {
  return entry.startsWith("field:") && !CACHES.includes(entry) && entry !== "field:background";
}
