import { z } from "zod";
import { isLoopback } from "../../gateway/admission/public_address.ts";
import { parseEndpoint } from "../parse_endpoint.ts";
import { fieldsOf } from "./fields_of.ts";
import type { SettingRows } from "./setting_row.ts";
import { boolean } from "./value_types.ts";

const receiptsUrl = z.string("an https URL").transform((value, context) => {
  const url = parseEndpoint(value);
  if (url) return url;
  context.addIssue({
    code: "custom",
    message: "must be an absolute http or https URL without user info and fragment",
  });
  return z.NEVER;
});

const SECRET = "whsec_ and the Base64 of 24 to 64 bytes: make one with `openssl rand -base64 32`";

/** The settings of `[app.receipts]`. */
export const RECEIPT_ROWS = {
  url: {
    type: receiptsUrl,
    required: true,
    description: "URL that receipts are sent to: https, or http on loopback.",
    details: "It may be on a private network. Redirects are not followed.",
  },
  secret: {
    type: z.string(SECRET).refine(isWebhookSecret, `must be ${SECRET}`),
    required: true,
    description: "Secret of Standard Webhooks that signs receipts.",
    details: "`whsec_` and the Base64 of 24 to 64 bytes.",
  },
  allow_http: {
    type: boolean,
    default: false,
    description: "Whether the URL may be http on another host than loopback.",
    details: "Anyone on the way can then read receipts, but not change them.",
  },
} as const satisfies SettingRows;

/** A `receipts` table of an app. */
export const receipts = z
  .strictObject(fieldsOf(RECEIPT_ROWS))
  .superRefine(({ url, allow_http: allowsHttp }, context) => {
    if (url.protocol === "https:" || allowsHttp || isLoopback(url.hostname)) return;
    const message = "must be https, or http on loopback: use https, or set allow_http = true";
    context.addIssue({ code: "custom", path: ["url"], message });
  });

function isWebhookSecret(value: string): boolean {
  const [, key] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(value) ?? [];
  if (key === undefined) return false;
  try {
    const { length } = Uint8Array.fromBase64(key);
    return length >= 24 && length <= 64;
  } catch {
    return false;
  }
}
