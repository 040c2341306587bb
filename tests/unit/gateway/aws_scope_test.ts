import { expect, test } from "bun:test";
import { awsScopeOf } from "../../../lib/gateway/model/aws_scope.ts";

test.each([
  ["bedrock-runtime.eu-west-1.amazonaws.com", "eu-west-1", "bedrock"],
  ["bedrock-runtime-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1", "bedrock"],
  ["bedrock-agent-runtime.us-east-1.amazonaws.com", "us-east-1", "bedrock"],
  ["s3.amazonaws.com", "us-east-1", "s3"],
  ["s3.eu-west-1.amazonaws.com", "eu-west-1", "s3"],
  ["my.bucket.s3.eu-west-1.amazonaws.com", "eu-west-1", "s3"],
  ["b.s3.dualstack.ap-southeast-2.amazonaws.com", "ap-southeast-2", "s3"],
  ["b.s3.amazonaws.com", "us-east-1", "s3"],
  ["s3.cn-north-1.amazonaws.com.cn", "cn-north-1", "s3"],
  ["abc123.lambda-url.eu-west-1.on.aws", "eu-west-1", "lambda"],
  ["abc123.execute-api.eu-west-1.amazonaws.com", "eu-west-1", "execute-api"],
  ["search-x-abc.eu-west-1.es.amazonaws.com", "eu-west-1", "es"],
  ["runtime.sagemaker.eu-west-1.amazonaws.com", "eu-west-1", "sagemaker"],
  ["email.eu-west-1.amazonaws.com", "eu-west-1", "ses"],
  ["amazonaws.com.example.com", undefined, undefined],
  ["s3.example.com", undefined, undefined],
])("awsScopeOf %s: %s %s", (host, region, service) => {
  const scope = awsScopeOf(host);
  expect([scope.region, scope.service]).toEqual([region, service]);
});
