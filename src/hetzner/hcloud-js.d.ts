/** What we use of hcloud-js, which ships no types. CommonJS: everything hangs on the default export. */
declare module 'hcloud-js' {
  import type { AxiosInstance } from 'axios'

  class Client {
    constructor(options: { token: string; baseURL: string; timeout: number })
    readonly axios: AxiosInstance
  }
  const hcloud: { Client: typeof Client }
  export default hcloud
}
