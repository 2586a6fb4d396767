declare module "undici/lib/dispatcher/agent.js" {
  import { Agent } from "undici-types";
  export default Agent;
}

/** The extension host's fetch is undici's: it accepts a dispatcher, and streams as bodies. The page's types lack both. */
interface RequestInit {
  dispatcher?: import("undici-types").Dispatcher;
  duplex?: "half";
  cache?: "no-store";
}
