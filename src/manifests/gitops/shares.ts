/** What the metrics may take of the data volume. Paths are not limited in size, so Prometheus itself has to keep to it. */
export type MetricsShare = { prometheusGi: number; retentionGb: number; alertmanagerGi: number }

/** Two fifths of the volume for metrics, of which a fifth stays free for the write-ahead log and compaction. */
export function metricsShare(volumeGb: number): MetricsShare {
  const prometheusGi = Math.max(2, Math.floor(volumeGb * 0.4))
  return { prometheusGi, retentionGb: Math.max(1, Math.floor(prometheusGi * 0.8)), alertmanagerGi: 1 }
}
