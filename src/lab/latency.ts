import type { Random } from './random.ts'

/**
 * How long each action takes, lab milliseconds: least and most, jittered in between.
 * Sources: create 5-12 s, shutdown below 1 s and power-off about 5 s are observations of others; the rest is scaled from the
 * durations of a third party's simulator. All guessed: nothing was measured on the service.
 */
const rangesMs: Record<string, readonly [number, number]> = {
  create_server: [5_000, 12_000],
  start_server: [1_500, 3_500],
  stop_server: [3_000, 6_000],
  shutdown_server: [300, 900],
  reboot_server: [500, 1_200],
  reset_server: [1_000, 3_000],
  delete_server: [3_000, 8_000],
  rebuild_server: [8_000, 15_000],
  change_server_type: [15_000, 25_000],
  create_image: [30_000, 60_000],
  enable_rescue: [800, 2_000],
  disable_rescue: [800, 2_000],
  enable_backup: [500, 1_000],
  disable_backup: [500, 1_000],
  reset_password: [1_000, 3_000],
  request_console: [300, 900],
  create_volume: [1_000, 3_000],
  attach_volume: [1_500, 4_000],
  detach_volume: [1_500, 3_500],
  resize_volume: [1_000, 3_000],
  assign_primary_ip: [1_000, 3_000],
  unassign_primary_ip: [1_000, 3_000],
  set_firewall_rules: [500, 1_500],
  apply_firewall: [1_000, 3_000],
  remove_firewall: [1_000, 3_000],
}

/** A machine from a snapshot takes minutes: 140 s were seen once. Guessed from that one observation. */
export const snapshotBootMs: readonly [number, number] = [60_000, 140_000]

/** Lab milliseconds until this action is through. */
export function latencyMs(command: string, random: Random, range = rangesMs[command]): number {
  if (!range) return 0
  const [least, most] = range
  return Math.round(least + (most - least) * random())
}
