/** Where the receipts of an app go: what each of its exchanges used. */
export interface Receipts {
  /** The URL that gets them. */
  url: URL;
  /** The secret of Standard Webhooks that signs them: `whsec_` and 24 to 64 bytes in Base64. */
  secret: string;
}
