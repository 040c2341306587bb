/** The place of a span in a trace, as a `traceparent` states it (W3C Trace Context, section 3.2). */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  traceId: string;
  /** 16 hexadecimal digits. */
  spanId: string;
  isSampled: boolean;
}

const TRACEPARENT = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/;

/**
 * Parses a `traceparent`.
 *
 * @param text the value of the header
 * @returns `undefined` when there is none, or it is not valid, so that a new trace begins
 */
export function parseTraceparent(text: string | null): TraceContext | undefined {
  if (text === null) return undefined;
  const [, version, traceId = "", spanId = "", flags = "", rest] = TRACEPARENT.exec(text) ?? [];
  // Later versions may have further parts. The first version has none, and ff is no version.
  if (version === undefined || version === "ff" || (version === "00" && rest)) return undefined;
  if (!/[^0]/.test(traceId) || !/[^0]/.test(spanId)) return undefined;
  return { traceId, spanId, isSampled: (parseInt(flags, 16) & 1) === 1 };
}

/**
 * Writes a `traceparent`.
 *
 * @param context the trace and the span that is the parent of what follows
 */
export function formatTraceparent({ traceId, spanId, isSampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${isSampled ? "01" : "00"}`;
}
