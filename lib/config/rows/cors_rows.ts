import { z } from "zod";
import type { SettingRows } from "./setting_row.ts";
import { headerName, origin, text } from "./value_types.ts";

/** The settings for pages of other origins: `[cors]`, `[app.cors]` and `[route.cors]`. */
export const CORS_ROWS = {
  allow_origins: {
    type: z.array(origin),
    description: "Origins whose pages may read responses. Default: any origin.",
    details: 'Exact origins, `"null"`, or `"*"` for any.',
    flags: {
      "access-control-allow-origin": {
        group: "Browsers (CORS)",
        value: "LIST",
        help: "Origins whose pages may read responses, separated by commas. Default: any origin.",
      },
    },
  },
  allow_methods: {
    type: z.array(text("a method")),
    description: "Methods that pages may use. Default: any method.",
    details: "Preflights grant them.",
    flags: {
      "access-control-allow-methods": {
        group: "Browsers (CORS)",
        value: "LIST",
        help: "Methods that pages may use, separated by commas. Default: any method.",
      },
    },
  },
  allow_headers: {
    type: z.array(headerName),
    description: "Request headers that pages may send. Default: any header.",
    details: "Preflights grant them.",
    flags: {
      "access-control-allow-headers": {
        group: "Browsers (CORS)",
        value: "LIST",
        help: "Request headers that pages may send, separated by commas. Default: any header.",
      },
    },
  },
  expose_headers: {
    type: z.array(headerName),
    description:
      "Response headers that pages may read, in addition to `X-Sw-…`. Default: any header.",
  },
} as const satisfies SettingRows;
