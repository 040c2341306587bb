import { SIGNED } from "../header_signature.ts";
import { CREDENTIAL } from "../gateway.ts";
import { TEN_YEARS } from "./exchange.ts";

const LIMITS = {
  max_expires: TEN_YEARS,
  head_timeout: 2,
  idle_timeout: 2,
  upload_idle_timeout: 2,
  max_signed_body: 1000,
  drain: 1,
};

/** Apps of every kind, for an upstream. */
export function appsFor(upstream: string): object {
  const secrets = [CREDENTIAL.secret];
  const rule = { url: upstream, headers: { Authorization: "Bearer ours", "X-Injected": "ours" } };
  const app = { id: CREDENTIAL.id, secrets, upstream: [rule, { url: "http://127.0.0.1:1/" }] };
  return {
    ...LIMITS,
    app: [
      app,
      { ...app, id: "brief", max_expires: 60 },
      { ...app, id: "small", max_body: 4 },
      { ...app, id: "one", max_connections: 1 },
      { ...app, id: "any", upstream: [{}] },
      { ...app, id: "cookies", upstream: [{ url: upstream, keep_cookies: true }] },
      {
        ...app,
        id: "cors",
        cors: {
          allow_origins: ["https://app.example"],
          allow_methods: ["GET"],
          allow_headers: ["content-type"],
          expose_headers: ["x-a"],
        },
      },
    ],
  };
}

/** The same beside routes. */
export function routesFor(upstream: string): object {
  return {
    ...appsFor(upstream),
    route: [
      {
        path: "/signed",
        upstream: `${upstream}/base`,
        headers: { "X-Key": "k" },
        signature: SIGNED,
      },
      {
        path: "/dated",
        upstream,
        signature: {
          ...SIGNED,
          fields: ["path", "HTTP_X_TIME"],
          timestamp_field: "HTTP_X_TIME",
          max_age: 60,
        },
      },
      { path: "/open", upstream, methods: ["GET"], signature: "none" },
    ],
  };
}
