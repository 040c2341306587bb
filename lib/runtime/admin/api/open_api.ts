import packageJson from "../../../../package.json" with { type: "json" };
import { z } from "zod";
import { API_ERRORS, type ApiErrorCode, type Endpoint } from "./endpoint.ts";
import { ENDPOINTS } from "./endpoints.ts";

const COMMON: readonly ApiErrorCode[] = [
  "token_missing",
  "token_wrong",
  "origin_refused",
  "too_many_tries",
  "failed",
];

/** Describes the admin API in OpenAPI 3.1. */
export function openApi(): object {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const endpoint of ENDPOINTS) {
    (paths[endpoint.path] ??= {})[endpoint.method.toLowerCase()] = operation(endpoint);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Admin API of Signway",
      version: packageJson.version,
      description: "What operators see and do. It is served at the address of --admin.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "http://127.0.0.1:13090" }],
    security: [{ token: [] }, { session: [] }, { session_over_tls: [] }],
    paths,
    components: {
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "The setting admin_token." },
        session: { type: "apiKey", in: "cookie", name: "signway_session" },
        session_over_tls: { type: "apiKey", in: "cookie", name: "__Host-signway_session" },
      },
      schemas: {
        Problem: {
          type: "object",
          required: ["status", "code", "detail"],
          additionalProperties: false,
          properties: {
            status: { type: "integer" },
            code: { enum: Object.keys(API_ERRORS) },
            detail: { type: "string" },
          },
        },
      },
    },
  };
}

function operation({
  method,
  path,
  summary,
  query,
  body,
  status,
  response,
  errors = [],
}: Endpoint) {
  const [, parameter] = /\{(.*)\}/.exec(path) ?? [];
  const parameters = [
    ...(parameter ? [{ name: parameter, in: "path", required: true, schema: TEXT }] : []),
    ...(query ? parametersOf(query) : []),
  ];
  const own: ApiErrorCode[] = ["request_malformed"];
  if (body) own.push("media_type_unsupported", "body_too_large");
  return {
    operationId: `${method.toLowerCase()}_${path.replace(/^\/api\/|[{}]/g, "").replace("/", "_")}`,
    summary,
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: true, content: json(body, "input") } }),
    responses: {
      [status]: { description: "Done.", content: json(response, "output") },
      ...problems([...own, ...COMMON, ...errors]),
    },
  };
}

const TEXT = { type: "string", minLength: 1 };

function parametersOf(query: z.ZodObject): object[] {
  const { properties = {}, required = [] } = schemaOf(query, "input");
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema,
  }));
}

function json(schema: z.ZodType, io: "input" | "output") {
  return { "application/json": { schema: schemaOf(schema, io) } };
}

function schemaOf(schema: z.ZodType, io: "input" | "output") {
  const { $schema: _, ...found } = z.toJSONSchema(schema, { io });
  return found;
}

function problems(codes: readonly ApiErrorCode[]): Record<string, object> {
  const byStatus = Object.groupBy(codes, (code) => API_ERRORS[code][0]);
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, of = []]) => [
      status,
      {
        description: of.map((code) => `\`${code}\`: ${API_ERRORS[code][1]}`).join(" "),
        content: {
          "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
        },
      },
    ]),
  );
}
