import * as vscode from "vscode";
import { openSettings, setCredentials, showLog, testHosting } from "./offers.ts";
import { asSentence, type Code, type ProblemOf, type Sentences } from "./sentence.ts";
import { megabytesText } from "./units.ts";

/** What keeps the images from reaching the service. */
export const hostingSentences = {
  imagesTooLarge: (problem) =>
    vscode.l10n.t(
      "The images are too large for one request (at most {0} MB each). Nothing was sent or charged. Send them with image upload.",
      megabytesText(problem.limit, 1),
    ),
  storageNotConfigured: (problem) => ({
    message: vscode.l10n.t(
      "Image upload is selected, but the setting {0} is empty or invalid. Nothing was sent or charged.",
      problem.setting,
    ),
    actions: [openSettings],
  }),
  credentialsMissing: (problem) => ({
    message: vscode.l10n.t(
      "There are no credentials for your image storage {0}, neither in the secret storage nor in AWS variables or profile files. Nothing was sent or charged.",
      problem.host,
    ),
    actions: [setCredentials],
  }),
  storageUnreachable: (problem) =>
    problem.locked === true
      ? vscode.l10n.t(
          "VS Code’s secret storage can’t be read, so the credentials for your image storage {0} are unavailable. Nothing was charged. Unlock your keyring; this will be retried automatically.",
          problem.host,
        )
      : vscode.l10n.t(
          "Your image storage {0} can’t be reached ({1}). Nothing was charged. This will be retried automatically.",
          problem.host,
          problem.reason,
        ),
  storageRefused: (problem) => ({
    message: refusedText(problem),
    actions: refusedActions(problem),
  }),
  dataUriRefused: (problem) => ({
    message: vscode.l10n.t(
      "RunComfy rejected the request ({0}): {1} The images were embedded in the request. RunComfy documents only https addresses, so that may be the reason. Nothing was charged.",
      problem.serviceCode ?? problem.status,
      asSentence(problem.message),
    ),
    actions: [showLog],
  }),
} satisfies Partial<Sentences<Code>>;

/** S3's code for a signature that doesn't match the request as it arrived. */
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
          "Your image storage {0} rejected the image ({1}): the secret key is wrong, or a proxy in front of the storage changes the host or path. Nothing was sent to RunComfy or charged.",
          host,
          said,
        );
      }
      return vscode.l10n.t(
        "Your image storage {0} rejected the image ({1}): the credentials are wrong or don’t have write access. Nothing was sent to RunComfy or charged.",
        host,
        said,
      );
    case "place":
      return vscode.l10n.t(
        "Your image storage {0} rejected the image ({1}): the bucket or folder doesn’t exist. Nothing was sent to RunComfy or charged.",
        host,
        said,
      );
    case "region":
      return vscode.l10n.t(
        "Your image storage {0} rejected the image ({1}): check the region and the endpoint. Nothing was sent to RunComfy or charged.",
        host,
        said,
      );
    case "redirect":
      return vscode.l10n.t(
        "Your image storage {0} redirected the upload ({1}): check the region and the address. Nothing was sent to RunComfy or charged.",
        host,
        said,
      );
    case "clock":
      return vscode.l10n.t(
        "Your image storage {0} rejected the image ({1}): this computer’s clock is wrong. Nothing was sent to RunComfy or charged.",
        host,
        said,
      );
    case "other":
      return vscode.l10n.t(
        "Your image storage {0} rejected the image ({1}). Nothing was sent to RunComfy or charged.",
        host,
        said,
      );
  }
}
