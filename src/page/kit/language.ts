import * as z from "zod";
import { setLanguage } from "../../shared/texts.ts";

// Must run before the first render. If the translations cannot be read, the page falls back to English instead of
// staying empty.
const { lang, dataset } = document.documentElement;
const bundle = z.record(z.string(), z.string()).optional().catch(undefined);
setLanguage(lang, bundle.parse(dataset.bundle && JSON.parse(dataset.bundle)));
