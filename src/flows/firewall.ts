import type { Config } from '../config/schema.ts'
import type { FirewallRule, FirewallRuleInput } from '../hetzner/wire.ts'

const anywhere = ['0.0.0.0/0', '::/0']
const kubernetesApiPort = 6443

/**
 * The rules of the cluster's firewall: SSH and the Kubernetes API from the allowed addresses, web and ICMP from anywhere.
 * 9100 (node-exporter) and 9101 (Traefik metrics) listen on the host and must stay closed: no rule means dropped.
 */
export function firewallRules(config: Config): FirewallRuleInput[] {
  const { allow } = config.network
  return [
    tcp(config.ssh.port, allow, 'SSH'),
    tcp(kubernetesApiPort, allow, 'Kubernetes API'),
    tcp(80, anywhere, 'HTTP'),
    tcp(443, anywhere, 'HTTPS'),
    { direction: 'in', protocol: 'icmp', source_ips: anywhere, description: 'ICMP' },
  ]
}

function tcp(port: number, sourceIps: string[], description: string): FirewallRuleInput {
  return { direction: 'in', protocol: 'tcp', port: String(port), source_ips: sourceIps, description }
}

/** Whether the firewall admits exactly what is wanted; descriptions and order do not matter. */
export function sameRules(wanted: readonly FirewallRuleInput[], found: readonly FirewallRule[]): boolean {
  const left = wanted.map(ruleKey).sort()
  const right = found.map(ruleKey).sort()
  return left.length === right.length && left.every((key, index) => key === right[index])
}

function ruleKey(rule: FirewallRuleInput | FirewallRule): string {
  const ips = [...(rule.source_ips ?? [])].sort().join(',')
  const destinations = [...(rule.destination_ips ?? [])].sort().join(',')
  return [rule.direction, rule.protocol, rule.port ?? '', ips, destinations].join('|')
}
