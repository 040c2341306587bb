import { z } from "zod";
import { KEY_SET_ALGORITHMS } from "../../gateway/model/key_set_algorithm.ts";
import { policyNames } from "./policy_rows.ts";
import type { SettingRows } from "./setting_row.ts";
import { boolean, keySetLocation, text } from "./value_types.ts";

const CLAIM = "true, or a text that is not blank";
const claim = z.union([z.literal(true), text(CLAIM)], { message: CLAIM });

/** The audience at the top and the one of an app. */
export const audience = text("an audience that is not blank");

/** The access tokens of an app: `[app.tokens]`. */
export const TOKEN_ROWS = {
  enabled: {
    type: boolean,
    default: true,
    description: "Whether the app has tokens.",
    details: "Without them, a JWT with its id as `iss` is like a JWT of any other issuer.",
  },
  issuer: {
    type: text("an issuer that is not blank"),
    description: "An identity provider whose tokens belong to the app, besides the app's own.",
    details: "Its claim `iss`, compared exactly. It cannot be the id of an app. Needs `jwks`.",
  },
  jwks: {
    type: keySetLocation,
    description: "The key set of the issuer: an https URL, or file: and a path.",
    details: "Needs `issuer`, `algorithms` and an audience. [How it is fetched](#key-sets).",
  },
  algorithms: {
    type: z.array(z.enum(KEY_SET_ALGORITHMS)).min(1, "at least one algorithm"),
    description: "The algorithms of the issuer's signatures.",
    details: `One or more of ${KEY_SET_ALGORITHMS.map((name) => `\`${name}\``).join(", ")}. Needs \`jwks\`.`,
  },
  audience: {
    type: audience,
    description: "Must be in the claim aud of a token. Default: the audience at the top.",
    details: "No two apps have the same issuer and the same audience.",
  },
  policy: {
    type: policyNames,
    description: "Policies that apply to every token of the app. Default: none.",
    details:
      "Names of [`[[policy]]`](#policy) tables. With them, a token of the key set needs no claim `sw`.",
  },
  require: {
    type: z.record(z.string(), claim),
    description: "Claims that a token must have.",
    details:
      "`true` for any value, a text for this value. In `scope`, the text is one of the words.",
  },
} as const satisfies SettingRows;
