import * as vscode from "vscode";
import type { Code, ProblemOf, Sentences } from "./sentence.ts";

/** What keeps a host from being reached. */
export const networkSentences = {
  unreachable: (problem) => unreachableText(problem),
  certificate: (problem, sent) => certificateText(problem, sent),
} satisfies Partial<Sentences<Code>>;

/** Why nothing gets through to a host, what that means and what to do. Such a thing is tried again by itself. */
function unreachableText({ host, reason, proxy }: ProblemOf<"unreachable">): string {
  switch (proxy) {
    case "signIn":
      return vscode.l10n.t(
        "The proxy asks for a sign-in. Put user and password into the proxy’s address in VS Code’s setting http.proxy. It will be tried again.",
      );
    case "refused":
      return reason.startsWith("5")
        ? vscode.l10n.t("The proxy cannot reach {0} (its answer: {1}). It will be tried again.", host, reason)
        : vscode.l10n.t(
            "The proxy does not let you through to {0} (its answer: {1}). Ask whoever runs it. It will be tried again.",
            host,
            reason,
          );
    case "unreachable":
      return vscode.l10n.t(
        "The proxy cannot be reached ({0}). Check the network and VS Code’s setting http.proxy. It will be tried again.",
        reason,
      );
    case undefined:
      break;
  }
  switch (reason) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EAI_NODATA":
    case "EAI_NONAME":
      return vscode.l10n.t(
        "The name {0} is not found ({1}): you are offline, the name is wrong or a proxy is needed. It will be tried again.",
        host,
        reason,
      );
    case "ECONNREFUSED":
      return vscode.l10n.t("{0} refuses the connection ({1}). It will be tried again.", host, reason);
    default:
      return vscode.l10n.t("{0} cannot be reached ({1}). It will be tried again.", host, reason);
  }
}

/**
 * What is wrong with a certificate and what to do.
 * @param sent the service has the request already, so that nothing is lost; else nothing was sent
 */
function certificateText(problem: ProblemOf<"certificate">, sent: boolean): string {
  const meaning = sent
    ? vscode.l10n.t("Nothing is lost; it will be tried again.")
    : vscode.l10n.t("Nothing was sent and nothing paid.");
  return `${certificateFault(problem)} ${meaning}`;
}

function certificateFault({ host, reason }: ProblemOf<"certificate">): string {
  if (reason === "CERT_HAS_EXPIRED" || reason === "CERT_NOT_YET_VALID") {
    return vscode.l10n.t("The certificate of {0} is out of date ({1}). Is this computer’s clock right?", host, reason);
  }
  if (reason === "ERR_TLS_CERT_ALTNAME_INVALID" || reason === "HOSTNAME_MISMATCH") {
    return vscode.l10n.t("The certificate shown for {0} is that of another host ({1}).", host, reason);
  }
  if (/^(UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/.test(reason)) {
    return vscode.l10n.t(
      "The certificate of {0} comes from an authority that this computer does not know ({1}). If your network inspects secure connections, install its certificate in the system.",
      host,
      reason,
    );
  }
  return vscode.l10n.t(
    "No secure connection to {0} could be made ({1}). Check the network’s proxy and certificates.",
    host,
    reason,
  );
}
