/**
 * The Hetzner Cloud API on the wire, snake_case as sent: the only types that the client and the lab share.
 * Source: the official OpenAPI text of July 2026 and the changelog up to November 2026 (no `datacenter` any more).
 */
export type Labels = Record<string, string>
export type Protection = { delete: boolean }
export type Price = { net: string; gross: string }

export type ActionStatus = 'running' | 'success' | 'error'
export type Action = {
  id: number
  command: string
  status: ActionStatus
  started: string
  finished: string | null
  progress: number
  resources: { id: number; type: string }[]
  error: { code: string; message: string } | null
}

export type Location = {
  id: number
  name: string
  description: string
  country: string
  city: string
  latitude: number
  longitude: number
  network_zone: string
}

export type Deprecation = { unavailable_after: string; announced: string }

export type TypePrice = {
  location: string
  price_hourly: Price
  price_monthly: Price
  included_traffic: number
  price_per_tb_traffic: Price
}

export type ServerType = {
  id: number
  name: string
  description: string
  cores: number
  memory: number
  disk: number
  deprecated?: boolean
  prices: TypePrice[]
  storage_type: 'local' | 'network'
  cpu_type: 'shared' | 'dedicated'
  category?: string
  architecture: 'x86' | 'arm'
  deprecation?: Deprecation | null
  locations: {
    id: number
    name: string
    deprecation: Deprecation | null
    recommended: boolean
    available: boolean
  }[]
}

export type ImageType = 'system' | 'app' | 'snapshot' | 'backup'
export type Image = {
  id: number
  type: ImageType
  status: 'available' | 'creating' | 'unavailable'
  name: string | null
  description: string
  image_size: number | null
  disk_size: number
  created: string
  created_from: { id: number; name: string } | null
  bound_to: number | null
  os_flavor: 'ubuntu' | 'centos' | 'debian' | 'fedora' | 'rocky' | 'alma' | 'opensuse' | 'unknown'
  os_version: string | null
  rapid_deploy?: boolean
  protection: Protection
  deprecated: string | null
  deleted: string | null
  labels: Labels
  architecture: 'x86' | 'arm'
}

export type SshKey = {
  id: number
  name: string
  fingerprint: string
  public_key: string
  labels: Labels
  created: string
}

export type PrimaryIp = {
  id: number
  name: string
  labels: Labels
  created: string
  blocked: boolean
  location: Location
  /** An IPv6 address is a /64 in CIDR notation. */
  ip: string
  dns_ptr: { ip: string; dns_ptr: string }[]
  protection: Protection
  type: 'ipv4' | 'ipv6'
  auto_delete: boolean
  assignee_type: 'server' | 'unassigned'
  assignee_id: number | null
}

export type Volume = {
  id: number
  created: string
  name: string
  server: number | null
  location: Location
  size: number
  linux_device: string
  protection: Protection
  labels: Labels
  status: 'available' | 'creating'
  format: string | null
}

export type FirewallRule = {
  description?: string | null
  direction: 'in' | 'out'
  source_ips: string[]
  destination_ips: string[]
  protocol: 'tcp' | 'udp' | 'icmp' | 'esp' | 'gre'
  port: string | null
}

export type FirewallTarget = {
  type: 'server' | 'label_selector'
  server?: { id: number }
  label_selector?: { selector: string }
  applied_to_resources?: { type?: 'server'; server?: { id: number } }[]
}

export type Firewall = {
  id: number
  name: string
  labels: Labels
  created: string
  rules: FirewallRule[]
  applied_to: FirewallTarget[]
}

export type ServerStatus =
  | 'running'
  | 'initializing'
  | 'starting'
  | 'stopping'
  | 'off'
  | 'deleting'
  | 'migrating'
  | 'rebuilding'
  | 'unknown'

export type Server = {
  id: number
  name: string
  status: ServerStatus
  created: string
  public_net: {
    ipv4: { id?: number; ip: string; blocked: boolean; dns_ptr: string } | null
    ipv6: {
      id?: number
      ip: string
      blocked: boolean
      dns_ptr: { ip: string; dns_ptr: string }[] | null
    } | null
    floating_ips: number[]
    firewalls?: { id?: number; status?: 'applied' | 'pending' }[]
  }
  private_net: { network?: number; ip?: string; alias_ips?: string[]; mac_address?: string }[]
  server_type: ServerType
  location: Location
  image: Image | null
  iso: null
  rescue_enabled: boolean
  locked: boolean
  backup_window: string | null
  outgoing_traffic: number | null
  ingoing_traffic: number | null
  included_traffic: number | null
  protection: { delete: boolean; rebuild: boolean }
  labels: Labels
  volumes?: number[]
  load_balancers?: number[]
  primary_disk_size: number
  placement_group?: null
}

export type Pricing = {
  currency: string
  vat_rate: string
  primary_ips: {
    type: 'ipv4' | 'ipv6'
    prices: { location: string; price_hourly: Price; price_monthly: Price }[]
  }[]
  floating_ips: { type: 'ipv4' | 'ipv6'; prices: { location: string; price_monthly: Price }[] }[]
  floating_ip: { price_monthly: Price }
  image: { price_per_gb_month: Price }
  volume: { price_per_gb_month: Price }
  server_backup: { percentage: string }
  server_types: { id: number; name: string; prices: TypePrice[] }[]
  load_balancer_types: { id: number; name: string; prices: TypePrice[] }[]
}

export type Pagination = {
  page: number
  per_page: number
  previous_page: number | null
  next_page: number | null
  last_page: number | null
  total_entries: number | null
}
export type Meta = { pagination: Pagination }

export type ErrorBody = { error: { code: string; message: string; details?: unknown } }

export type FirewallRuleInput = {
  description?: string | null
  direction: 'in' | 'out'
  protocol: FirewallRule['protocol']
  port?: string
  source_ips?: string[]
  destination_ips?: string[]
}

export type CreateServerBody = {
  name: string
  server_type: string
  image: string
  location?: string
  start_after_create?: boolean
  ssh_keys?: (number | string)[]
  volumes?: number[]
  firewalls?: { firewall: number }[]
  user_data?: string
  labels?: Labels
  automount?: boolean
  public_net?: { enable_ipv4?: boolean; enable_ipv6?: boolean; ipv4?: number | null; ipv6?: number | null }
}
export type CreateVolumeBody = {
  name: string
  size: number
  labels?: Labels
  format?: 'ext4' | 'xfs'
  location?: string
  server?: number
  automount?: boolean
}
export type CreatePrimaryIpBody = {
  name: string
  type: 'ipv4' | 'ipv6'
  location?: string
  assignee_type?: 'server'
  assignee_id?: number
  auto_delete?: boolean
  labels?: Labels
}
export type CreateFirewallBody = {
  name: string
  labels?: Labels
  rules?: FirewallRuleInput[]
  apply_to?: FirewallTarget[]
}
export type CreateSshKeyBody = { name: string; public_key: string; labels?: Labels }
