/** False while the panel lies behind another editor. The page is kept then, and its browser does not know. */
let isPanelSeen = true;

/** True while nobody can see the page. Each change is a `visibilitychange` of the document. */
export function isHidden(): boolean {
  return document.hidden || !isPanelSeen;
}

/** Call this when the panel comes to the front or goes behind another editor. */
export function setPanelSeen(isSeen: boolean): void {
  if (isSeen !== isPanelSeen) {
    isPanelSeen = isSeen;
    document.dispatchEvent(new Event("visibilitychange"));
  }
}
