const NAMES: ReadonlySet<string> = new Set(["s3", "s3-object-lambda", "s3-outposts", "s3express"]);

/**
 * Whether a service is S3, whose rules for signatures differ: a path is signed as it is sent, and a body need not be signed.
 *
 * @param service by its name in signatures
 */
export function isS3(service: string): boolean {
  return NAMES.has(service);
}
