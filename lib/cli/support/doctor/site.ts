import type { Signer } from "../signing/signer.ts";

/** The deployment that is checked, and how. */
export interface Site {
  /** The gateway's public URL, whose path ends in `/`. */
  url: URL;
  /** The address to connect to. Absent: that of the URL. */
  address?: string;
  /** Authorities to trust in addition, in PEM. */
  ca?: string;
  isPrivate: boolean;
  /** Seconds that the gateway is to be silent. */
  silence: number;
  /** The DNS server to ask. Absent: the machine's resolver. */
  resolver?: string;
  origins: readonly string[];
  /** The URL of the upstream to call. Absent: none is known. */
  target?: string;
  signer?: Signer;
  /** The public path of the configuration file, if there is one. */
  publicPath?: string;
  /** The URL that signatures are made for. Default: `url`. */
  signedFor?: URL;
}

/** Why a check was not done where the site has no signer. */
export const NEEDS_SIGNER = "it needs a secret: --config, or SW_ID and SW_SECRET";
