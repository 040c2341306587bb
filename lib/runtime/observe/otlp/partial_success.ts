/**
 * Reads how many spans or points a collector rejected of an export that it took otherwise.
 *
 * @param body of its answer: `ExportTraceServiceResponse` or `ExportMetricsServiceResponse`
 * @param isJson whether it is JSON and not Protocol Buffers
 * @returns 0 when it rejected none, or the answer cannot be read
 */
export function rejectedIn(body: Uint8Array, isJson: boolean): number {
  const found = isJson ? rejectedInJson(body) : rejectedInProtobuf(body);
  return Number.isSafeInteger(found) && found > 0 ? found : 0;
}

function rejectedInJson(body: Uint8Array): number {
  try {
    const { partialSuccess = {} } = JSON.parse(new TextDecoder().decode(body)) as {
      partialSuccess?: Record<string, unknown>;
    };
    return Number(partialSuccess["rejectedSpans"] ?? partialSuccess["rejectedDataPoints"] ?? 0);
  } catch {
    return 0;
  }
}

// The first field is the message `partial_success`, and the first field in it is the number.
const MESSAGE = 0x0a;
const NUMBER = 0x08;

function rejectedInProtobuf(body: Uint8Array): number {
  if (body[0] !== MESSAGE) return 0;
  const start = varintAt(body, 1).end;
  return body[start] === NUMBER ? varintAt(body, start + 1).value : 0;
}

function varintAt(bytes: Uint8Array, from: number): { value: number; end: number } {
  let value = 0;
  let end = from;
  for (let scale = 1; end < bytes.length; scale *= 128) {
    const byte = bytes[end++]!;
    value += (byte % 128) * scale;
    if (byte < 128) break;
  }
  return { value, end };
}
