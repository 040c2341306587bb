// SW1-HMAC-SHA256 in njs: the path and query of the target, or nothing when the request is refused.
// njs interprets, so one regular expression takes the query apart instead of a dozen statements.
import crypto from "crypto";

var MAX_EXPIRES = 604800;
var CLOCK_SKEW = 300;

// A literal is compiled once; `new RegExp` here would be compiled for every request.
var FORM =
  /^(X-Sw-Algorithm=SW1-HMAC-SHA256&X-Sw-Body=false&X-Sw-Credential=([^&]+)&X-Sw-Date=((\d{8})T([01]\d|2[0-3])([0-5]\d)([0-5]\d)Z)&X-Sw-Expires=(\d{1,9})&X-Sw-Proxy=([^&]+)&X-Sw-SignedHeaders=([^&]*))&X-Sw-Signature=([0-9a-f]{64})$/;
var BODY_FORM =
  /^(X-Sw-Algorithm=SW1-HMAC-SHA256&X-Sw-Body=true&X-Sw-Credential=([^&]+)&X-Sw-Date=((\d{8})T([01]\d|2[0-3])([0-5]\d)([0-5]\d)Z)&X-Sw-Expires=(\d{1,9})&X-Sw-Proxy=([^&]+)&X-Sw-SignedHeaders=([^&]*))&X-Sw-Signature=([0-9a-f]{64})$/;

function target(r) {
  try {
    return verified(r, FORM, r.uri);
  } catch (e) {
    return "";
  }
}

// js_set cannot see a body; a handler can, and hands the request on with the body that it has read.
function body(r) {
  var found = "";
  try {
    var path = r.variables.request_uri.split("?")[0];
    found = verified(r, BODY_FORM, path, r.requestBuffer);
  } catch (e) {
    found = "";
  }
  if (found === "") return r.return(400);
  r.variables.checked = found;
  r.internalRedirect("@checked");
}

function verified(r, form, path, body) {
  var args = r.variables.args;
  var m = form.exec(args) || form.exec(inOrder(args));
  // The settings hold real days only, each with its key and its first second.
  var scope = m[4];
  var day = settings.days[scope];
  var age = Date.now() / 1000 - (day.start + m[5] * 3600 + m[6] * 60 + Number(m[7]));
  if (age < -CLOCK_SKEW || age > m[8] || m[8] > MAX_EXPIRES) return "";
  if (decodeURIComponent(m[2]) !== settings.id + "/" + scope) return "";

  var headers = m[10] === "" ? "\n\n" : canonicalHeaders(r, decodeURIComponent(m[10]).split(";"));
  var canonicalRequest = r.method + "\n" + path + "\n" + m[1] + "\n" + headers + "\n";
  var hash = crypto.createHash("sha256").update(canonicalRequest);
  var digest = (body ? hash.update(body) : hash).digest("hex");
  var stringToSign = "SW1-HMAC-SHA256\n" + m[3] + "\n" + scope + "\n" + digest;
  var key = Buffer.from(day.key, "hex");
  var mac = crypto.createHmac("sha256", key).update(stringToSign).digest();
  return equal(mac, Buffer.from(m[11], "hex")) ? pathOf(decodeURIComponent(m[9])) : "";
}

// The parameters may arrive in any order. A repeated, missing or unknown one does not fit the form.
function inOrder(args) {
  var pairs = args.split("&").sort();
  pairs.push(pairs.splice(6, 1)[0]);
  return pairs.join("&");
}

function canonicalHeaders(r, names) {
  names.sort();
  var lines = names.map(function (name) {
    return name + ":" + r.headersIn[name].trim();
  });
  return lines.join("\n") + "\n\n" + names.join(";");
}

// njs 0.7 has no timingSafeEqual; eight words are compared without leaving early.
function equal(a, b) {
  var difference = a.readInt32LE(0) ^ b.readInt32LE(0);
  difference |= a.readInt32LE(4) ^ b.readInt32LE(4);
  difference |= a.readInt32LE(8) ^ b.readInt32LE(8);
  difference |= a.readInt32LE(12) ^ b.readInt32LE(12);
  difference |= a.readInt32LE(16) ^ b.readInt32LE(16);
  difference |= a.readInt32LE(20) ^ b.readInt32LE(20);
  difference |= a.readInt32LE(24) ^ b.readInt32LE(24);
  difference |= a.readInt32LE(28) ^ b.readInt32LE(28);
  return difference === 0;
}

function pathOf(url) {
  var path = url.slice(settings.origin.length);
  if (!url.startsWith(settings.origin) || !path.startsWith("/v1/")) return "";
  // njs 0.7 has no URL parser: what one would rewrite or drop is refused.
  return /^[\w\-.~!$&'()*+,;=:@%\/?]+$/.test(path) && path.indexOf("/.") < 0 ? path : "";
}

export default { target, body };
