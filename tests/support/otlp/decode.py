"""Decodes exports with the generated code of opentelemetry-proto: lines of SIGNAL, TYPE and base64 become lines of JSON."""

import base64
import json
import sys

from google.protobuf.json_format import MessageToDict, Parse
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

REQUESTS = {"traces": ExportTraceServiceRequest, "metrics": ExportMetricsServiceRequest}


def bytes_as_base64(node):
    """In OTLP, ids are hexadecimal; in the JSON of Protocol Buffers, bytes are base64."""
    if isinstance(node, list):
        return [bytes_as_base64(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: base64.b64encode(bytes.fromhex(item)).decode()
        if key in ("traceId", "spanId", "parentSpanId")
        else bytes_as_base64(item)
        for key, item in node.items()
    }


def decode(signal, kind, body):
    message = REQUESTS[signal]()
    if kind == "json":
        # Unknown members are an error.
        Parse(json.dumps(bytes_as_base64(json.loads(body))), message)
        return message
    message.ParseFromString(body)
    # What is unknown would be written again, so a shorter message tells that fields were not understood.
    known = REQUESTS[signal]()
    known.CopyFrom(message)
    known.DiscardUnknownFields()
    if known.ByteSize() != len(body):
        raise ValueError(f"{len(body) - known.ByteSize()} bytes of {signal} were not understood")
    return message


for line in sys.stdin:
    signal, kind, body = line.split()
    message = decode(signal, kind, base64.b64decode(body))
    print(json.dumps(MessageToDict(message, preserving_proto_field_name=False)))
