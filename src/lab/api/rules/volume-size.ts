/** Gigabytes of a volume. Source: OpenAPI text, POST /volumes · documented. */
export const volumeSize = { min: 10, max: 10_240 }
