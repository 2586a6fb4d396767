import * as vscode from "vscode";
import type { Code, ProblemOf, Sentences } from "./sentence.ts";

/** What keeps a host from being reached. */
export const networkSentences = {
  unreachable: (problem, sent) =>
    sent
      ? `${unreachableText(problem)} ${vscode.l10n.t("Your request has been sent and won’t be sent again.")}`
      : unreachableText(problem),
  certificate: (problem, sent) => certificateText(problem, sent),
} satisfies Partial<Sentences<Code>>;

/** Why a host can't be reached, what that means and what to do. The extension retries automatically. */
function unreachableText({ host, reason, proxy }: ProblemOf<"unreachable">): string {
  switch (proxy) {
    case "signIn":
      return vscode.l10n.t(
        "The proxy requires authentication. Add the user name and password to the proxy URL in the VS Code setting http.proxy. This will be retried automatically.",
      );
    case "refused":
      return reason.startsWith("5")
        ? vscode.l10n.t(
            "The proxy can’t reach {0} (it answered {1}). This will be retried automatically.",
            host,
            reason,
          )
        : vscode.l10n.t(
            "The proxy doesn’t allow connections to {0} (it answered {1}). Contact your network administrator. This will be retried automatically.",
            host,
            reason,
          );
    case "unreachable":
      return vscode.l10n.t(
        "The proxy can’t be reached ({0}). Check the network and the VS Code setting http.proxy. This will be retried automatically.",
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
        "The host name {0} couldn’t be resolved ({1}). You may be offline, the name may be wrong, or you may need a proxy. This will be retried automatically.",
        host,
        reason,
      );
    case "ECONNREFUSED":
      return vscode.l10n.t("{0} refused the connection ({1}). This will be retried automatically.", host, reason);
    default:
      return vscode.l10n.t("{0} can’t be reached ({1}). This will be retried automatically.", host, reason);
  }
}

/**
 * What is wrong with a certificate and what to do.
 * @param sent the service already has the request, so nothing is lost; otherwise nothing was sent
 */
function certificateText(problem: ProblemOf<"certificate">, sent: boolean): string {
  const meaning = sent
    ? vscode.l10n.t("Nothing is lost. This will be retried automatically.")
    : vscode.l10n.t("Nothing was sent or charged.");
  return `${certificateFault(problem)} ${meaning}`;
}

function certificateFault({ host, reason }: ProblemOf<"certificate">): string {
  if (reason === "CERT_HAS_EXPIRED" || reason === "CERT_NOT_YET_VALID") {
    return vscode.l10n.t(
      "The certificate of {0} is expired or not yet valid ({1}). Check this computer’s clock.",
      host,
      reason,
    );
  }
  if (reason === "ERR_TLS_CERT_ALTNAME_INVALID" || reason === "HOSTNAME_MISMATCH") {
    return vscode.l10n.t("The certificate presented for {0} belongs to another host ({1}).", host, reason);
  }
  if (/^(UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/.test(reason)) {
    return vscode.l10n.t(
      "The certificate of {0} was issued by an authority that this computer doesn’t trust ({1}). If your network inspects TLS connections, install its certificate on this system.",
      host,
      reason,
    );
  }
  return vscode.l10n.t(
    "Couldn’t establish a secure connection to {0} ({1}). Check your network’s proxy and certificates.",
    host,
    reason,
  );
}
