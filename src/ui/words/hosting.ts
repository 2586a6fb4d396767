import * as vscode from "vscode";
import { megabytesText } from "./number.ts";
import { openSettings, setCredentials, showLog, testHosting } from "./offers.ts";
import { asSentence, type Code, type ProblemOf, type Sentences } from "./sentence.ts";

/** What keeps the images from getting to the service. */
export const hostingSentences = {
  imagesTooLarge: (problem) =>
    vscode.l10n.t(
      "The images do not fit into one request ({0} MB each at most), so nothing was sent and nothing paid. Send them with image upload.",
      megabytesText(problem.limit, 1),
    ),
  storageNotConfigured: (problem) => ({
    message: vscode.l10n.t(
      "Image upload is chosen, but the setting {0} is empty or has the wrong form. Nothing was sent and nothing paid.",
      problem.setting,
    ),
    actions: [openSettings],
  }),
  credentialsMissing: (problem) => ({
    message: vscode.l10n.t(
      "There are no credentials for your image storage {0}: neither in the secret storage nor in AWS variables or profile files. Nothing was sent and nothing paid.",
      problem.host,
    ),
    actions: [setCredentials],
  }),
  storageUnreachable: (problem) =>
    problem.locked === true
      ? vscode.l10n.t(
          "VS Code’s secret storage cannot be read, so the credentials for your image storage {0} are not known. Unlock your keyring; it will be tried again, and nothing was paid.",
          problem.host,
        )
      : vscode.l10n.t(
          "Your image storage {0} cannot be reached ({1}). It will be tried again; nothing was paid.",
          problem.host,
          problem.reason,
        ),
  storageRefused: (problem) => ({
    message: refusedText(problem),
    actions: refusedActions(problem),
  }),
  dataUriRefused: (problem) => ({
    message: vscode.l10n.t(
      "RunComfy refused the request ({0}): {1} The images went inside the request, and RunComfy’s documentation promises only https addresses, so that may be why. Nothing was paid.",
      problem.serviceCode ?? problem.status,
      asSentence(problem.message),
    ),
    actions: [showLog],
  }),
} satisfies Partial<Sentences<Code>>;

/** S3's word for a signature that does not fit the request as it arrived. */
const wrongSignature = "SignatureDoesNotMatch";

function refusedActions({ reason, serviceCode }: ProblemOf<"storageRefused">) {
  if (reason !== "credentials") {
    return [openSettings];
  }
  return serviceCode === wrongSignature ? [testHosting, setCredentials] : [setCredentials, openSettings];
}

function refusedText({ host, status, reason, serviceCode }: ProblemOf<"storageRefused">): string {
  const said = serviceCode ?? `HTTP ${status}`;
  switch (reason) {
    case "credentials":
      if (serviceCode === wrongSignature) {
        return vscode.l10n.t(
          "Your image storage {0} did not take the image ({1}): the secret key is wrong, or a proxy before the storage changes host or path of the address. Nothing was sent to RunComfy and nothing paid.",
          host,
          said,
        );
      }
      return vscode.l10n.t(
        "Your image storage {0} did not take the image ({1}): the credentials are wrong or may not write there. Nothing was sent to RunComfy and nothing paid.",
        host,
        said,
      );
    case "place":
      return vscode.l10n.t(
        "Your image storage {0} did not take the image ({1}): there is no such bucket or folder. Nothing was sent to RunComfy and nothing paid.",
        host,
        said,
      );
    case "region":
      return vscode.l10n.t(
        "Your image storage {0} did not take the image ({1}): check the region and the endpoint. Nothing was sent to RunComfy and nothing paid.",
        host,
        said,
      );
    case "redirect":
      return vscode.l10n.t(
        "Your image storage {0} wants the image sent elsewhere ({1}): check the region and the address. Nothing was sent to RunComfy and nothing paid.",
        host,
        said,
      );
    case "clock":
      return vscode.l10n.t(
        "Your image storage {0} did not take the image ({1}): the clock of this computer is wrong. Nothing was sent to RunComfy and nothing paid.",
        host,
        said,
      );
    case "other":
      return vscode.l10n.t(
        "Your image storage {0} did not take the image ({1}). Nothing was sent to RunComfy and nothing paid.",
        host,
        said,
      );
  }
}
