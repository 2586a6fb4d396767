declare module "undici/lib/dispatcher/proxy-agent.js" {
  import { ProxyAgent } from "undici-types";
  export default ProxyAgent;
}
