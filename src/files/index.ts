export { writeAtomically } from './atomic-write.ts'
