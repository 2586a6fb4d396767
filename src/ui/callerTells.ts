/** The argument with which a caller runs a command whose message it shows itself: the command then returns its message. */
export const callerTells = "panel";
