// Sandboxes of npm that run the same scripts as Assay's: node sandboxes.mjs SCRIPTS, where the file SCRIPTS is a JSON
// object {scripts: {name: {text, value}}, warm, runs, pauseMillis}. In a text, UNSEEN becomes a number that no text had before.
//
// Every script gets a sandbox of its own, with `$`, in which functions are async and only JSON text crosses the border,
// and with the limits that the package has. Prints one JSON line for each sandbox: {sandbox, us: {name: p50}}.
import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import vm from 'node:vm'
import { median } from './search.mjs'

const { scripts, warm, runs, pauseMillis } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const TIME = 5_000
const MEMORY_MIB = 64

/** What stands behind `$`: answers with its first argument. */
const host = (name, json) => JSON.stringify(JSON.parse(json)[0])

/** Builds `$` inside the sandbox from the one function that crosses its border. */
const PRELUDE = `((call) => {
  const verb = name => async (...args) => JSON.parse(call(name, JSON.stringify(args)))
  globalThis.$ = Object.freeze({ echo: verb('echo') })
})`
const wrapped = text => `(async()=>{${text}\n})().then(value => JSON.stringify(value))`

async function isolatedVm(name, isolateOf) {
  const { default: ivm } = await import('isolated-vm')
  return {
    name,
    async run(text) {
      const isolate = isolateOf(ivm)
      const context = isolate.createContextSync()
      context.evalClosureSync(`${PRELUDE}($0)`, [new ivm.Callback(host)])
      const value = await context.eval(wrapped(text), { timeout: TIME, promise: true, copy: true })
      context.release()
      if (isolate !== shared) isolate.dispose()
      return value
    },
  }
}
let shared
const isolatePerScript = ivm => new ivm.Isolate({ memoryLimit: MEMORY_MIB })
const oneIsolate = ivm => (shared ??= new ivm.Isolate({ memoryLimit: MEMORY_MIB }))

async function quickjs() {
  const { getQuickJS, shouldInterruptAfterDeadline } = await import('quickjs-emscripten')
  const module = await getQuickJS()
  return {
    name: 'quickjs-emscripten',
    async run(text) {
      const runtime = module.newRuntime()
      runtime.setMemoryLimit(MEMORY_MIB << 20)
      runtime.setInterruptHandler(shouldInterruptAfterDeadline(Date.now() + TIME))
      const context = runtime.newContext()
      const call = context.newFunction('call', (name, json) =>
        context.newString(host(context.getString(name), context.getString(json))))
      const prelude = context.unwrapResult(context.evalCode(PRELUDE))
      context.unwrapResult(context.callFunction(prelude, context.undefined, call)).dispose()
      const promise = context.unwrapResult(context.evalCode(wrapped(text)))
      runtime.executePendingJobs()
      const state = context.getPromiseState(promise)
      const value = context.getString(context.unwrapResult(state))
      state.value.dispose()
      promise.dispose()
      prelude.dispose()
      call.dispose()
      context.dispose()
      runtime.dispose()
      return value
    },
  }
}

const nodeVm = {
  name: 'node:vm',
  async run(text) {
    const context = vm.createContext({}, { microtaskMode: 'afterEvaluate' })
    vm.runInContext(PRELUDE, context)(host)
    // A function of ours would be called from our own queue of microtasks, which the time limit does not cover.
    vm.runInContext(`${wrapped(text)}.then(json => { globalThis.result = json })`, context, { timeout: TIME })
    return context.result
  },
}

let unseen = process.pid * 1_000_000
const fresh = text => text.replace('UNSEEN', () => String(unseen++))

for (const sandbox of [
  await isolatedVm('isolated-vm, an isolate per script', isolatePerScript),
  await isolatedVm('isolated-vm, a context per script', oneIsolate),
  await quickjs(),
  nodeVm,
]) {
  const us = {}
  for (const [name, { text, value }] of Object.entries(scripts)) {
    const times = []
    for (let i = -warm; i < runs; i++) {
      await setTimeout(pauseMillis)
      const source = fresh(text)
      const start = performance.now()
      const result = await sandbox.run(source)
      const time = performance.now() - start
      if (result !== value) throw new Error(`${sandbox.name}, ${name}: ${result}`)
      if (i >= 0) times.push(time * 1000)
    }
    us[name] = median(times)
  }
  console.log(JSON.stringify({ sandbox: sandbox.name, us }))
}
