import { createPemPair } from "../../support/pem.ts";

/** The contents of the PEM files of the settings. */
export const PEM = createPemPair();
