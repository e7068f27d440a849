export { createSimMachines, type SimOptions } from './sim-machines.ts'
