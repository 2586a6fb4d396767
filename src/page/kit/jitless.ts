import * as z from "zod";

// Compiled parsers need `eval`, which the page's content policy forbids. This must be set before the first parse.
z.config({ jitless: true });
