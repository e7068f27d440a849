/** Base URL of the Hetzner Cloud API. Source: https://docs.hetzner.cloud */
export const defaultEndpoint = 'https://api.hetzner.cloud/v1'
