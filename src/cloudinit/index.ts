export { userDataLimit } from './encode.ts'
export type { UserDataInput } from './input.ts'
export { type UserData, userData } from './user-data.ts'
