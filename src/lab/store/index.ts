export { openStore } from './journal.ts'
export type * from './records.ts'
export { Store } from './store.ts'
