import { wellFormedId } from "./request_id.ts";
import { formatTraceparent, parseTraceparent, type TraceContext } from "./trace_context.ts";

/** Which traces are exported. */
export interface Sampling {
  /** The share of traces, from 0 to 1. */
  ratio: number;
  /** Whether the choice of a trusted caller counts instead. */
  followsParent: boolean;
}

/** A call of a model, as far as it is known before the answer. */
export interface ModelCall {
  /** The provider, by the gateway's name. */
  provider: string;
  /** What the operation does, by the names of `gen_ai.operation.name`. */
  operation: string;
  /** The model that the request names. Absent: it was not read, or is not safe for telemetry. */
  model?: string | undefined;
}

/** The members of the admitted caller that telemetry needs. */
export interface TracedPrincipal {
  /** The path of a route. Absent: it is an app. */
  path?: string;
  /** Whether the spans become part of the caller's trace. */
  trustTraceparent?: boolean;
}

/** The facts about the call to the upstream. */
export interface UpstreamCall {
  /** The target. Its query is not for telemetry. */
  url: URL;
  /** The URL of the rule. Absent: any target. */
  ruleUrl: URL | undefined;
  /** Milliseconds from the start of the exchange until it was sent. */
  sentMs: number;
  /** The status of the upstream's response. Absent: there was none. */
  status?: number;
  /** Milliseconds from the start of the exchange until the first bytes of an event stream reached the client. */
  firstChunkMs?: number;
}

/** The trace of an exchange, and what only telemetry needs to know about it. It exists where telemetry is exported. */
export class Trace {
  readonly #ticks: () => number;
  readonly #sampling: Sampling;
  readonly #start: number;
  readonly #traceparent: string | null;
  #caller: TraceContext | null | undefined;
  #isTrusted = false;
  #isSampled: boolean | undefined;
  #draw: number | undefined;
  #traceId: string | undefined;
  #serverSpanId: string | undefined;
  #clientSpanId: string | undefined;
  #isStream = false;
  /** The path of the request. Absent: the request was not verified. */
  path: string | undefined;
  /** The path of the route. */
  route: string | undefined;
  /** The call to the upstream. */
  call: UpstreamCall | undefined;
  #model: ModelCall | undefined;
  /** Why the model stopped. */
  finishReasons: readonly string[] | undefined;

  /**
   * @param traceparent of the caller
   * @param ticks a monotonic clock in milliseconds
   * @param sampling which traces are exported
   */
  constructor(traceparent: string | null, ticks: () => number, sampling: Sampling) {
    this.#traceparent = traceparent && traceparent.length <= LONGEST ? traceparent : null;
    this.#ticks = ticks;
    this.#sampling = sampling;
    this.#start = ticks();
  }

  /** Whether the spans are exported. The first access decides, so it comes after {@link admitted}. */
  get isSampled(): boolean {
    return (this.#isSampled ??= this.#decide());
  }

  /** The caller's span that is the parent; `undefined` when the trace begins here. */
  get parent(): TraceContext | undefined {
    return this.#isTrusted ? this.#callerContext : undefined;
  }

  /** The caller's span that is not trusted to be the parent. */
  get link(): TraceContext | undefined {
    return this.#isTrusted ? undefined : this.#callerContext;
  }

  get traceId(): string {
    // The last digits are those that decided, so that other gateways with this ratio decide alike.
    return (this.#traceId ??=
      this.parent?.traceId ?? randomHex(32 - DRAWN) + hexOf(this.#drawn, DRAWN));
  }

  /** The id of the span of the exchange. */
  get serverSpanId(): string {
    return (this.#serverSpanId ??= randomHex(16));
  }

  /** The id of the span of the call to the upstream. */
  get clientSpanId(): string {
    return (this.#clientSpanId ??= randomHex(16));
  }

  /** The `traceparent` for the upstream. */
  get traceparent(): string {
    const { traceId, clientSpanId: spanId, isSampled } = this;
    return formatTraceparent({ traceId, spanId, isSampled });
  }

  /** The caller was verified, and its request has this path. */
  admitted({ path: route, trustTraceparent = false }: TracedPrincipal, path: string): void {
    this.path = path;
    this.route = route;
    this.#isTrusted = trustTraceparent;
  }

  /**
   * The request calls a model. What waits for an export keeps neither a name that is as long as the body, nor anything else of
   * the call.
   */
  calls({ provider, operation, model }: ModelCall): void {
    this.#model = { provider, operation, model: wellFormedId(model ?? null) };
  }

  /** The call of a model. */
  get model(): ModelCall | undefined {
    return this.#model;
  }

  /** The request is sent to the upstream. */
  sent(url: URL, ruleUrl: URL | undefined): void {
    this.call = { url, ruleUrl, sentMs: this.#elapsed() };
  }

  /** The head of the upstream's response has arrived. */
  responded(status: number): void {
    if (this.call) this.call.status = status;
  }

  /** The body is a stream of events. */
  streams(): void {
    this.#isStream = true;
  }

  /** Bytes of the body go to the client. */
  passed(): void {
    if (this.#isStream && this.call) this.call.firstChunkMs ??= this.#elapsed();
  }

  get #callerContext(): TraceContext | undefined {
    if (this.#caller === undefined) this.#caller = parseTraceparent(this.#traceparent) ?? null;
    return this.#caller ?? undefined;
  }

  get #drawn(): number {
    return (this.#draw ??= Math.random());
  }

  #decide(): boolean {
    const { ratio, followsParent } = this.#sampling;
    const { parent } = this;
    if (parent && followsParent) return parent.isSampled;
    if (ratio <= 0 || ratio >= 1) return ratio >= 1;
    const draw = parent ? parseInt(parent.traceId.slice(-DRAWN), 16) / 16 ** DRAWN : this.#drawn;
    return draw >= 1 - ratio;
  }

  #elapsed(): number {
    return this.#ticks() - this.#start;
  }
}

/** The most characters of a `traceparent` that are kept until the export. One of the first version has 55. */
const LONGEST = 256;

/** The digits of a trace id that decide whether it is sampled. */
const DRAWN = 13;

function hexOf(draw: number, digits: number): string {
  return Math.floor(draw * 16 ** digits)
    .toString(16)
    .padStart(digits, "0");
}

/** Ids must differ, and need not be secret. */
function randomHex(digits: number): string {
  let text = "";
  while (text.length < digits) text += hexOf(Math.random(), 8);
  return text.slice(0, digits);
}
