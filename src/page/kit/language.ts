import * as z from "zod";
import { setLanguage } from "../../shared/texts.ts";

// Before anything is drawn. Without its translations the page speaks English; it must not stay empty.
const { lang, dataset } = document.documentElement;
const bundle = z.record(z.string(), z.string()).optional().catch(undefined);
setLanguage(lang, bundle.parse(dataset.bundle && JSON.parse(dataset.bundle)));
