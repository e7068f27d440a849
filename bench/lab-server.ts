/** The lab under load, in a process of its own, over machines without an inside: `bench/lab.ts` starts it. */
import { serveLab } from '../src/lab/index.ts'
import { memoryMachines } from '../test/lab/api/memory-machines.ts'

const plenty = 10_000_000
const lab = await serveLab({
  dir: process.argv[2] ?? '',
  speed: 10_000,
  machines: memoryMachines,
  limits: {
    servers: plenty,
    primary_ips: plenty,
    volumes: plenty,
    ssh_keys: plenty,
    requests_per_hour: plenty,
  },
})
process.on('message', word => {
  if (word === 'memory') process.send?.({ rssMb: Math.round(process.memoryUsage().rss / 1_048_576) })
  else void lab.close().then(() => process.disconnect())
})
process.send?.(lab.info)
