// POST /token: an access token for a signed-in user, behind an HTTP API with a JWT authorizer.
import { env } from "node:process";
import { signToken } from "signway";

const { SW_SECRET: secret } = env;
if (!secret) throw new Error("SW_SECRET has to be set");

/**
 * @param {import("aws-lambda").APIGatewayProxyEventV2WithJWTAuthorizer} event
 * @returns {Promise<import("aws-lambda").APIGatewayProxyStructuredResultV2>}
 */
export const handler = async (event) => {
  // The authorizer has verified this user. A route without an authorizer gives no tokens.
  const subject = event.requestContext.authorizer?.jwt.claims["sub"];
  if (typeof subject !== "string") return respond(401, { error: "Sign in first." });
  const to = ["POST https://api.openai.com/v1/chat/completions"];
  return respond(200, { token: await signToken({ id: "web", secret, subject, to, expires: 300 }) });
};

/**
 * @param {number} statusCode
 * @param {object} body
 */
function respond(statusCode, body) {
  const headers = { "Content-Type": "application/json", "Cache-Control": "no-store" };
  return { statusCode, headers, body: JSON.stringify(body) };
}
