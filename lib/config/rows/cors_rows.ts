import { z } from "zod";
import type { SettingRows } from "./setting_row.ts";
import { headerName, origin, text } from "./value_types.ts";

/** Which pages may read responses: `[cors]`, `[app.cors]` and `[route.cors]`. */
export const CORS_ROWS = {
  allow_origins: {
    type: z.array(origin),
    description: "Origins whose pages may read the answers. Default: any.",
    details: 'Exact ones, `"null"`, or `"*"` for any.',
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
    description: "Methods that they may use. Default: any.",
    details: "A preflight grants them.",
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
    description: "Headers that they may send. Default: whichever they ask for.",
    details: "A preflight grants them.",
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
      "Headers of the response that their pages may read, beside `X-Sw-…`. Default: all.",
  },
} as const satisfies SettingRows;
