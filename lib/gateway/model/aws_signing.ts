import type { AWS_SOURCES } from "./aws_sources.ts";

/** Keys of an AWS account. */
export interface AwsKeys {
  accessKeyId: string;
  secretAccessKey: string;
  /** Present with temporary keys. */
  sessionToken?: string;
}

/** Where the machine has temporary keys. */
export type AwsSource = (typeof AWS_SOURCES)[number];

/** How requests are signed with AWS Signature Version 4. */
export interface AwsSigning {
  /** The region, such as `eu-west-1`. */
  region: string;
  /** The name of the service in signatures, such as `bedrock`. */
  service: string;
  /** The keys, or a function that returns them and rejects when there are none. Absent: a configuration has `from`. */
  keys?: AwsKeys | (() => AwsKeys | Promise<AwsKeys>);
  /** Where a gateway with a configuration finds the keys. It sets `keys`. */
  from?: AwsSource;
}
