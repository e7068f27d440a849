#!/usr/bin/env node
// Runs src/ as it is, without a build. Needs the pinned Node: put node_modules/.bin first in PATH.
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { main } from '../src/cli/main.ts'
import { lastWord, leave } from './last-word.js'

lastWord()
await main(process.argv.slice(2), dirname(dirname(fileURLToPath(import.meta.url))), true)
leave()
