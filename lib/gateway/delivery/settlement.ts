import { GrowingBuffer } from "../body/growing_buffer.ts";
import { ObservedReader } from "../body/observed_reader.ts";
import { readerOf, ReaderStream } from "../body/reader_stream.ts";
import type { Bytes } from "../body/relay.ts";
import type { LedgerReservation } from "../ledger/ledger.ts";
import type { RequestBound } from "../model/bound.ts";
import type { UsageReading } from "../model/checked_request.ts";
import type { FinishReader, Usage, UsageReader } from "../model/usage.ts";
import type { Exchange } from "../record/exchange.ts";
import type { ExchangeRecord } from "../record/exchange_record.ts";
import type { StallWatch } from "../time/stall_watch.ts";
import { isUnbilledError, MAX_ERROR, mayBeUnbilled, namesError } from "./own_error.ts";

type Report = Parameters<LedgerReservation["settle"]>[0];
type Draft = { -readonly [Key in keyof Report]: Report[Key] };

/** The reservation of an exchange, and how its usage is read. */
export interface SettlementParts {
  exchange: Exchange;
  /** Absent: nothing is counted. */
  reservation: LedgerReservation | undefined;
  /** The most that the provider can bill. Absent: no counter needs it. */
  bound: RequestBound | undefined;
  /** Absent: usage is not read. */
  usage: UsageReading | undefined;
  /** Whether the upstream's body is read to its end when its client gets no more of it. */
  drains: boolean;
  /** How long the upstream may be silent meanwhile, in seconds; 0 = no limit. */
  idleTimeout: number;
  /** Returns the receipt of the ended exchange. Absent: the exchange has none. */
  receipt?: ((record: Readonly<ExchangeRecord>) => string) | undefined;
}

/**
 * Follows an exchange, and in the end records its usage and settles its reservation. Nothing was sent: all is given
 * back. The upstream reported the usage: this is charged. It answered with an error of its own, and not of a content
 * filter: LLM tokens and their cost are given back. Otherwise all that was reserved is charged.
 */
export class Settlement {
  readonly #parts: SettlementParts;
  #wasSent = false;
  #isSocket = false;
  #bytes = 0;
  #usage: UsageReader | undefined;
  #finish: FinishReader | undefined;
  #error: GrowingBuffer | undefined;
  /** The status of the response, and whether its head names the error. */
  #errorHead = { status: 0, isNamed: false };
  #body: ObservedReader | undefined;
  #hasHead = false;
  #reported: Usage | undefined;
  #cost: number | undefined;

  /** @param parts the exchange, its reservation, and how its usage is read */
  constructor(parts: SettlementParts) {
    this.#parts = parts;
  }

  /** Whether the upstream is read to its end without the client, because the usage is still unknown. */
  get drains(): boolean {
    // Of a request that was not sent there is nothing to read.
    if (!this.#parts.drains || !this.#wasSent) return false;
    return !this.#hasHead || (this.#body !== undefined && this.#usage?.report() === undefined);
  }

  /** How long the upstream may be silent while it is read without the client, in seconds; 0 = no limit. */
  get idleTimeout(): number {
    return this.#parts.idleTimeout;
  }

  /** Whether the head of the upstream's response has arrived. */
  get hasHead(): boolean {
    return this.#hasHead;
  }

  /** Whether the last event of a stream was read and passed on. Many clients leave then, before the end of the body. */
  get hasLastEvent(): boolean {
    return this.#usage?.hasEnded?.() === true;
  }

  /** Whether the body of the response decides if anything is billed. */
  get needsError(): boolean {
    return this.#error !== undefined;
  }

  /** The request may reach the upstream from now on. */
  sending(): void {
    this.#wasSent = true;
  }

  /** The upstream got nothing of the request. */
  notSent(): void {
    this.#wasSent = false;
  }

  /** Bytes of a body go to the client. */
  passed(count: number): void {
    this.#bytes += count;
  }

  /**
   * Reads an upstream's response while it is read by others.
   *
   * @param response with its body unread
   * @returns the response to use in its place
   */
  observe(response: Response): Response {
    const { status, headers, body } = response;
    const { usage, bound } = this.#parts;
    this.#hasHead = true;
    this.#usage = usage?.readerFor(response);
    if (this.#usage && this.#parts.exchange.trace?.isSampled)
      this.#finish = usage?.called?.finishReader();
    if (bound && mayBeUnbilled(status)) this.#error = new GrowingBuffer(MAX_ERROR);
    const isNamed = usage?.called?.provider === "bedrock" && namesError(response);
    this.#errorHead = { status, isNamed };
    if (!body || (!this.#usage && !this.#error)) return response;
    const reader = new ObservedReader(
      readerOf(body),
      (piece) => this.#read(piece),
      () => this.#usage?.end?.(),
    );
    this.#body = reader;
    return new Response(new ReaderStream(reader), { status, headers });
  }

  /** The upstream has accepted the handshake of a WebSocket. Its responses are settled by themselves. */
  opened(head: Pick<Response, "status" | "headers">): void {
    this.#isSocket = true;
    this.#hasHead = true;
    this.#usage = this.#parts.usage?.readerFor(head);
  }

  /** Reads a text message of the upstream. */
  message(text: string): void {
    this.#usage?.readMessage?.(text);
  }

  /**
   * Reads the rest of the upstream's body.
   *
   * @param watch watches the upstream
   * @returns a promise that resolves at the end of the body; `undefined` when there is none
   */
  drain(watch: StallWatch): Promise<void> | undefined {
    return this.#body?.drain(watch);
  }

  /** Records the usage. */
  record(): void {
    const { exchange } = this.#parts;
    if (exchange.trace) exchange.trace.finishReasons = this.#finish?.all;
    const usage = this.#usageAtEnd();
    if (!usage) return;
    let cost: number | undefined;
    let pricedAs: string | undefined;
    try {
      pricedAs = this.#parts.usage?.called?.pricedAs(usage);
      cost = this.#costOf(usage);
    } finally {
      exchange.used({ ...usage, pricedAs }, cost);
    }
  }

  /** Settles the reservation. */
  settle(): void {
    const { reservation, receipt, exchange } = this.#parts;
    const text = receipt?.(exchange.record);
    if (!this.#wasSent) return reservation?.release(text);
    const report: Draft = { bytes: this.#bytes };
    try {
      this.#addBudgets(report);
    } finally {
      // What the report lacks is charged as it was reserved.
      reservation?.settle(report, text);
    }
  }

  #addBudgets(report: Draft): void {
    const usage = this.#usageAtEnd();
    if (this.#isSocket) {
      report.tokens = 0;
      report.cost = 0;
    } else if (usage) {
      report.tokens = usage.input + usage.output;
      const cost = this.#parts.bound && this.#costOf(usage);
      if (cost !== undefined) report.cost = cost;
    } else if (this.#error && isUnbilledError(this.#error.bytes(), this.#errorHead)) {
      report.tokens = 0;
      report.cost = 0;
    }
  }

  /** The reported usage. Until the exchange ends, a later event may change it. */
  #usageAtEnd(): Usage | undefined {
    return (this.#reported ??= this.#usage?.report());
  }

  /** @throws what the prices throw */
  #costOf(usage: Usage): number | undefined {
    return (this.#cost ??= this.#parts.usage?.costOf(usage));
  }

  #read(piece: Bytes): void {
    this.#usage?.read(piece);
    this.#finish?.read(piece);
    if (!this.#error) return;
    if (this.#error.size + piece.length <= MAX_ERROR) this.#error.append(piece);
    else this.#error = undefined;
  }
}
