import type { AwsSigning } from "./aws_signing.ts";

/** The parts of a signature's scope that a host may tell. */
type Scope = Partial<Pick<AwsSigning, "region" | "service">>;

/**
 * The name that a service has in signatures, where its hosts have another one. A key is the label before the region, or the
 * two labels before it. Most come from botocore: `endpointPrefix` or `hostPrefix` is the key, and `signingName` the value.
 */
const NAMES = {
  "account-access-runtime": "account-access",
  "acm-acme": "acm",
  "agent-registry-control": "agent-registry",
  agentcore: "bedrock-agentcore",
  "agreement-marketplace": "aws-marketplace",
  "analytics-omics": "omics",
  aos: "es",
  appconfigdata: "appconfig",
  appstream2: "appstream",
  "appsync-api": "appsync",
  "appsync-realtime-api": "appsync",
  "bedrock-agent": "bedrock",
  "bedrock-agent-runtime": "bedrock",
  "bedrock-agentcore-control": "bedrock-agentcore",
  "bedrock-data-automation": "bedrock",
  "bedrock-data-automation-runtime": "bedrock",
  "bedrock-runtime": "bedrock",
  "cassandra-streams": "cassandra",
  "catalog-marketplace": "aws-marketplace",
  cloudhsmv2: "cloudhsm",
  cloudsearchdomain: "cloudsearch",
  "cloudwatch-omni": "cloudwatch",
  "contact-lens": "connect",
  "control-storage-omics": "omics",
  "data-lakeformation": "lakeformation",
  "data-servicediscovery": "servicediscovery",
  "data-signer": "signer",
  ddb: "dynamodb",
  "deployment-marketplace": "aws-marketplace",
  "discovery-marketplace": "aws-marketplace",
  email: "ses",
  "entitlement-marketplace": "aws-marketplace",
  eventsv2: "events",
  forecastquery: "forecast",
  "greengrass-ats.iot": "greengrass",
  "iam-toolbox": "iam",
  "identity-chime": "chime",
  "iot-tunneling": "IoTSecuredTunneling",
  ivsrealtime: "ivs",
  "jobs.iot": "iot-jobs-data",
  "kafka-api": "kafka",
  "kinesis-queues": "kinesis",
  "lambda-url": "lambda",
  "mail-manager": "ses",
  marketplace: "aws-marketplace",
  "media-pipelines-chime": "chime",
  "meetings-chime": "chime",
  "memory-db": "memorydb",
  "messaging-chime": "chime",
  "metering-marketplace": "aws-marketplace",
  "migrationhub-config": "mgh",
  "models-v2-lex": "lex",
  neptune: "neptune-db",
  oidc: "sso-oauth",
  "participant.connect": "execute-api",
  "partnercentral-prm": "partnercentral",
  "personalize-events": "personalize",
  "personalize-runtime": "personalize",
  pinpoint: "mobiletargeting",
  "portal.sso": "awsssoportal",
  "query-lakeformation": "lakeformation",
  queue: "sqs",
  "reporting-marketplace": "aws-marketplace",
  "runtime-medical-imaging": "medical-imaging",
  "runtime-v2-lex": "lex",
  "s3-accelerate": "s3",
  "s3-accesspoint": "s3",
  "s3-control": "s3",
  "s3express-control": "s3express",
  "search-ddb": "dynamodb",
  "search-dynamodb": "dynamodb",
  "servicecatalog-appregistry": "servicecatalog",
  "sms-voice.pinpoint": "sms-voice",
  "storage-omics": "omics",
  "stream-logs": "logs",
  "streams-ddb": "dynamodb",
  "streams-dynamodb": "dynamodb",
  "sync-states": "states",
  "tags-omics": "omics",
  "timestream-ingest": "timestream",
  "timestream-query": "timestream",
  transcribestreaming: "transcribe",
  "tunneling.iot": "IoTSecuredTunneling",
  "voice-chime": "chime",
  "wellarchitected-agent": "wellarchitected",
  "workflows-omics": "omics",
};

const SERVICES: ReadonlyMap<string, string> = new Map(Object.entries(NAMES));

/** Labels that do not tell the service. */
const UNTOLD = /^(?:compute|elb|geo|iot|s3-global|s3-website.*|vpce-svc-.*)$/;

/** A data endpoint of IoT, of AWS's or of an account. */
const IOT_DATA = /^(?:data|.+-ats)$/;

const OF_AWS =
  /^(.+)\.(amazonaws\.(?:com(?:\.cn)?|eu)|(?:on|api)\.(?:aws|amazonwebservices\.(?:com\.cn|eu)))$/;

const REGION =
  /^(?:[a-z]{2}|us-gov|us-iso[a-z]?|eu-isoe|eusc-de)-(?:central|(?:north|south)(?:east|west)?|east|west)-\d$/;

/** Services whose hosts without a region are those of this one. Any other host without a region does not tell it. */
const IN_US_EAST_1: ReadonlySet<string> = new Set([
  ...["cloudfront", "iam", "organizations", "route53", "s3", "sts"],
]);

/**
 * Reads the region and the service from a host of AWS, such as `bedrock-runtime.eu-west-1.amazonaws.com`.
 *
 * @param host in lower case, without a port
 * @returns what the host tells. Absent: it does not
 */
export function awsScopeOf(host: string): Scope {
  const [, before, domain = ""] = OF_AWS.exec(host) ?? [];
  if (before === undefined) return {};
  const labels = before
    .split(".")
    .filter((label) => !["dualstack", "global", "vpce"].includes(label))
    .map((label) => label.replace(/-fips$/, ""));
  const last = labels.at(-1) ?? "";
  if (REGION.test(last)) return { region: last, ...serviceOf(labels.slice(0, -1)) };
  const [, inName] = /^s3-(.+)$/.exec(last) ?? [];
  if (inName === "external-1") return { region: "us-east-1", service: "s3" };
  if (inName !== undefined && REGION.test(inName)) return { region: inName, service: "s3" };
  const { service } = serviceOf(labels);
  if (service === undefined) return {};
  // `{domain}.{region}.es.amazonaws.com` has them in the other order. A bucket may be named like a region.
  const region = labels.at(-2) ?? "";
  if (service !== "s3" && REGION.test(region)) return { region, service };
  // Any other label may be a part of a name.
  if (!IN_US_EAST_1.has(last) && !SERVICES.has(last)) return {};
  return IN_US_EAST_1.has(last) && !/\.(?:cn|eu)$/.test(domain)
    ? { region: "us-east-1", service }
    : { service };
}

/** @param labels of the host, without its region */
function serviceOf(labels: readonly string[]): Pick<Scope, "service"> {
  const name = labels.at(-1);
  if (name === undefined) return {};
  const inner = labels.at(-2) ?? "";
  const service = SERVICES.get(`${inner}.${name}`) ?? SERVICES.get(name);
  if (service !== undefined) return { service };
  if (name === "iot" && IOT_DATA.test(inner)) return { service: "iotdata" };
  if (name === "iot" && inner === "") return { service: "iot" };
  if (/^s3express-[a-z0-9]+-az\d+$/.test(name)) return { service: "s3express" };
  if (name.endsWith("-kinesis")) return { service: "kinesis" };
  return UNTOLD.test(name) ? {} : { service: name };
}
