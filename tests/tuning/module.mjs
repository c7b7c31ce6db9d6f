// Asks the committed module: node module.mjs ASSETS, with a list of {"document", "questions"} on standard input; prints a list of the answers to each, with the bytes of memory after them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const [, , assets] = process.argv;
const asset = (name) => readFileSync(join(assets, name));

function call(module, name, bytes) {
	const at = module.reserve(bytes.length);
	new Uint8Array(module.memory.buffer, at, bytes.length).set(bytes);
	const from = module[name]();
	const length = new DataView(module.memory.buffer).getUint32(from, true);
	return new Uint8Array(module.memory.buffer, from + 4, length).slice();
}

const unpack = (await WebAssembly.instantiate(gunzipSync(asset('unpack.wasm.gz')))).instance.exports;
const engine = (await WebAssembly.instantiate(call(unpack, 'unpack', asset('engine.wasm.lzma')))).instance.exports;
const said = (name, text) => new TextDecoder().decode(call(engine, name, new TextEncoder().encode(text)));

function told({ document, questions }) {
	const faults = said('open', document);
	if (faults) throw new Error(faults);
	return questions.map((question) => ({ answer: said('answer', question), memory: engine.memory.buffer.byteLength }));
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(told)));
