import type { UpstreamRule } from "../../../lib/gateway/model/rule.ts";
import { PEM } from "./pem_of_settings.ts";

const RULE_DEFAULTS = {
  headers: [],
  keepCookies: false,
  keepCaching: false,
  websocket: true,
  allowPrivate: false,
};

/** The rules with credentials of {@link EVERY_SETTING}, as settings. */
export const CREDENTIAL_RULES: readonly UpstreamRule[] = [
  {
    url: new URL("https://b.s3.eu-west-1.amazonaws.com/"),
    ...RULE_DEFAULTS,
    passHeaders: ["x-amz-meta-*"],
    aws: {
      region: "eu-west-2",
      service: "s3-object-lambda",
      keys: { accessKeyId: "AKID", secretAccessKey: "no", sessionToken: "0x11" },
    },
  },
  {
    url: new URL("https://s3.eu-west-1.amazonaws.com/"),
    ...RULE_DEFAULTS,
    aws: { region: "eu-west-1", service: "s3", from: "imds" },
  },
  {
    url: new URL("https://vertex.example/"),
    ...RULE_DEFAULTS,
    oauth: {
      client: {
        tokenUrl: new URL("https://id.example/token?tenant=1"),
        grant: "client_credentials",
        clientId: "0x12",
        clientSecret: "off",
        clientAuth: "post",
        keyId: "1.5",
        subject: "~",
        audience: "null",
        scopes: ["a:b"],
        allowPrivate: true,
      },
    },
  },
  {
    url: new URL("https://keys.example/"),
    ...RULE_DEFAULTS,
    oauth: {
      client: {
        tokenUrl: new URL("http://127.0.0.1:1/"),
        grant: "jwt_bearer",
        clientId: "issuer",
        clientAuth: "basic",
        scopes: [],
        allowPrivate: false,
        key: PEM.key,
      },
    },
  },
];
