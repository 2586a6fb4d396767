import type { HttpSettings } from "../../../src/host/http.ts";

/** VS Code's network settings as they are when the user has changed none. */
export const defaultHttp: HttpSettings = { dispatcherAvoidsProxy: false, strictCertificates: true };
