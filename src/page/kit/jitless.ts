import * as z from "zod";

// Compiled parsers would need `eval`, which the page's content policy forbids. To be set before the first parse.
z.config({ jitless: true });
