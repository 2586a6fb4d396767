import type { ActionId } from "../../../src/shared/jobs/actions.ts";

/** What the user is offered where a job stands. */
export const unclearOffers: readonly ActionId[] = ["openAccount", "adopt", "sendAgain", "drop"];
/** The user dropped it, but it may be paid for all the same. */
export const droppedOffers: readonly ActionId[] = ["openAccount", "adopt", "sendAgain", "remove"];
export const refusedOffers: readonly ActionId[] = ["sendAgain", "remove"];
export const tokenRefusedOffers: readonly ActionId[] = ["setTokenAndSend", "sendAgain", "remove"];
export const noBalanceOffers: readonly ActionId[] = ["addCredit", "sendAgain", "remove"];
/** RunComfy ended it without a video: only another request can make one. */
export const renderFailedOffers: readonly ActionId[] = ["tryAgain", "openAccount", "copyRequestId", "remove"];
/** The same, and its words allow that the embedded images are why. */
export const imagesFailedOffers: readonly ActionId[] = [
  ...(["tryAgain", "setUpUpload", "openAccount", "copyRequestId", "remove"] as const),
];
/** The images may be why, and an upload may help. */
export const imagesRefusedOffers: readonly ActionId[] = ["setUpUpload", "sendAgain", "remove"];
export const standingOffers: readonly ActionId[] = ["retry", "openAccount", "copyRequestId", "drop"];
export const folderOffers: readonly ActionId[] = ["chooseFolder", "retry", "openAccount", "copyRequestId", "drop"];
export const hostOffers: readonly ActionId[] = ["trustHost", "alwaysTrustHost", "drop"];
/** No trust of the user helps with such an address. */
export const neverOffers: readonly ActionId[] = ["retry", "drop"];
/** The user gave it up with its request's id, which still leads to the video. */
export const givenUpOffers: readonly ActionId[] = ["takeUp", "openAccount", "copyRequestId", "remove"];
