/** Parameters of addresses that carry a permission. */
const permission =
  /^(x-(amz|goog|oss|cos)-(signature|credential|security-token)|signature|sig|token|access_token|auth|key|apikey|api_key|awsaccesskeyid|googleaccessid|key-pair-id)$/i;

/** Names of fields that hold a secret. */
const secretName =
  /^(api[-_]?key|(access|auth|api|bearer|refresh)?[-_]?token|authorization|password|passwd|secret([-_]?key)?|cookie)$/i;

/** True if a text has a token, or an address with a password or a signature. */
export function hasSecret(text: string): boolean {
  if (/\bBearer\s+[\w.~+/=-]{12,}/i.test(text) || /(?<![\w-])eyJ[\w-]{8,2000}\.[\w-]{8,2000}\.[\w-]/.test(text)) {
    return true;
  }
  return (text.match(/\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s"'<>]+/gi) ?? []).some(isSigned);
}

/** True if a field of this name holds a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

/** True if an address has a password or a signature. */
function isSigned(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && (url.password !== "" || [...url.searchParams.keys()].some((key) => permission.test(key)));
}

/** An address without user, parameters and fragment; undefined for text that is no address. */
export function unsigned(address: string): string | undefined {
  const url = URL.parse(address);
  if (url === null) {
    return undefined;
  }
  url.search = "";
  url.hash = "";
  url.username = "";
  url.password = "";
  return url.href;
}
