/** What a user can do with a job; each is a command `wanFlf2v.job.<id>` too. */
export const actionIds = [
  "cancel",
  "stopWatching",
  "sendAgain",
  "sendWithUpload",
  "setUpUpload",
  "adopt",
  "retry",
  "takeUp",
  "chooseFolder",
  "trustHost",
  "alwaysTrustHost",
  "drop",
  "open",
  "reveal",
  "copyPath",
  "insertSnippet",
  "openRecipe",
  "openAccount",
  "remove",
] as const;
export type ActionId = (typeof actionIds)[number];
