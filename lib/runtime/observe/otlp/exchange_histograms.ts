import { Batch } from "../../../gateway/record/batch.ts";
import type { ExchangeRecord } from "../../../gateway/record/exchange_record.ts";
import type { ModelCall, Trace, UpstreamCall } from "../../../gateway/record/trace.ts";
import type { ModelLabel } from "../model_labels.ts";
import { knownStatus } from "../status_label.ts";
import type { AttributeValue } from "./attributes.ts";
import {
  clientError,
  methodName,
  providerName,
  serverError,
  serverOf,
  statusCode,
} from "./conventions.ts";
import { Histogram } from "./histogram.ts";
import { INSTRUMENTS } from "./instruments.ts";
import type { Message } from "./protobuf.ts";

type Attributes = Record<string, AttributeValue>;

interface EndedExchange {
  record: Readonly<ExchangeRecord>;
  trace: Trace;
  /** Its model, as an attribute. Absent: it has none, or no usage was reported. */
  name: string | undefined;
}

/** The metrics of exchanges for OTLP. Their attributes come from the configuration or closed lists. */
export class ExchangeHistograms {
  readonly #scheme: string;
  readonly #ended = new Batch((ended: EndedExchange) => this.#count(ended));
  readonly #server: Histogram;
  readonly #client: Histogram;
  readonly #tokens: Histogram;
  readonly #operation: Histogram;
  readonly #firstChunk: Histogram;

  /**
   * @param scheme `http` or `https`, of the gateway
   * @param startedAt in milliseconds since the epoch
   */
  constructor(scheme: string, startedAt: number) {
    this.#scheme = scheme;
    this.#server = new Histogram(INSTRUMENTS.server, startedAt);
    this.#client = new Histogram(INSTRUMENTS.client, startedAt);
    this.#tokens = new Histogram(INSTRUMENTS.tokens, startedAt);
    this.#operation = new Histogram(INSTRUMENTS.operation, startedAt);
    this.#firstChunk = new Histogram(INSTRUMENTS.firstChunk, startedAt);
  }

  /**
   * Counts an exchange that has ended.
   *
   * @param record of the exchange
   * @param trace of the exchange
   * @param modelOf the labels of models
   */
  observe(record: Readonly<ExchangeRecord>, trace: Trace, modelOf: ModelLabel): void {
    // The labels of models are those in force now.
    const isNamed = trace.model !== undefined && record.inputTokens !== undefined;
    this.#ended.add({ record, trace, name: isNamed ? modelOf(record) : undefined });
  }

  /**
   * The metrics in the form of OTLP's JSON.
   *
   * @param now in milliseconds since the epoch
   */
  metrics(now: number): Message[] {
    this.#ended.empty();
    return this.#all
      .map((histogram) => histogram.metric(now))
      .filter((metric) => metric !== undefined);
  }

  /** How many points an export has. */
  get points(): number {
    this.#ended.empty();
    return this.#all.reduce((sum, { points }) => sum + points, 0);
  }

  get #all(): Histogram[] {
    return [this.#server, this.#client, this.#tokens, this.#operation, this.#firstChunk];
  }

  #count({ record, trace, name }: EndedExchange): void {
    this.#observeServer(record, trace);
    const { model } = trace;
    if (!trace.call) return;
    const call = withKnownStatus(trace.call);
    const seconds = (record.durationMs - call.sentMs) / 1000;
    this.#observeClient(record, call, seconds);
    if (model) this.#observeModel(record, { call, model, name }, seconds);
  }

  #observeServer(record: Readonly<ExchangeRecord>, { route }: Trace): void {
    const { durationMs, code, outcome } = record;
    const status = knownStatus(record.status);
    const method = methodName(record.method);
    const error = serverError({ status, code, outcome });
    const app = record.verifyMs === undefined ? undefined : record.app;
    const key = `${method} ${status} ${error} ${app}`;
    this.#server.record(durationMs / 1000, app ?? "", key, () => ({
      "http.request.method": method,
      "url.scheme": this.#scheme,
      "http.response.status_code": statusCode(status),
      "http.route": route,
      "error.type": error,
      "signway.app": app,
    }));
  }

  #observeClient(record: Readonly<ExchangeRecord>, call: UpstreamCall, seconds: number): void {
    const { app = "", rule } = record;
    const method = methodName(record.method);
    const error = clientError(record, call.status);
    const key = `${method} ${call.status} ${error} ${rule}`;
    this.#client.record(seconds, app, key, () => ({
      "http.request.method": method,
      ...placeOf(call),
      "http.response.status_code": statusCode(call.status),
      "error.type": error,
    }));
  }

  #observeModel(
    record: Readonly<ExchangeRecord>,
    { call, model, name }: { call: UpstreamCall; model: ModelCall; name: string | undefined },
    seconds: number,
  ): void {
    const error = clientError(record, call.status);
    const key = `${model.provider} ${model.operation} ${name} ${record.rule}`;
    const attributes = (): Attributes => ({
      "gen_ai.operation.name": model.operation,
      "gen_ai.provider.name": providerName(model.provider),
      "gen_ai.response.model": name,
      ...placeOf(call),
    });
    const { app = "" } = record;
    this.#operation.record(seconds, app, `${key} ${error}`, () => ({
      ...attributes(),
      "error.type": error,
    }));
    this.#observeTokens(record, key, attributes);
    if (call.firstChunkMs === undefined) return;
    this.#firstChunk.record((call.firstChunkMs - call.sentMs) / 1000, app, key, attributes);
  }

  #observeTokens(
    { app = "", inputTokens, outputTokens }: Readonly<ExchangeRecord>,
    key: string,
    attributes: () => Attributes,
  ): void {
    for (const [type, tokens] of [
      ["input", inputTokens],
      ["output", outputTokens],
    ] as const) {
      if (tokens === undefined) continue;
      const own = () => ({ ...attributes(), "gen_ai.token.type": type });
      this.#tokens.record(tokens, app, `${key} ${type}`, own);
    }
  }
}

function withKnownStatus(call: UpstreamCall): UpstreamCall {
  if (call.status === undefined) return call;
  const status = knownStatus(call.status);
  return status === call.status ? call : { ...call, status };
}

/** The place of the rule. Where a rule has none, callers choose it, and it is no attribute. */
function placeOf({ ruleUrl }: UpstreamCall): Attributes {
  return ruleUrl ? serverOf(ruleUrl) : { "server.address": "any" };
}
