/* Plays questions with the engine of the page, off the page's own thread. */
'use strict';

let engine = null;

// Four bytes of five characters each, from ( to } but <.
function bytesOf({ text, size }) {
	const bytes = new DataView(new ArrayBuffer((text.length / 5) * 4));
	for (let i = 0, at = 0; i < text.length; i += 5, at += 4) {
		let number = 0;
		for (let k = i; k < i + 5; k += 1) {
			const code = text.charCodeAt(k) - 40;
			number = number * 85 + (code > 20 ? code - 1 : code);
		}
		bytes.setUint32(at, number);
	}
	return new Uint8Array(bytes.buffer, 0, size);
}

const unzipped = (bytes) => new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();

// Writes bytes where a module wants them, and reads what it gives back: its length in four bytes, then itself.
function call(module, name, bytes) {
	const at = module.reserve(bytes.length);
	new Uint8Array(module.memory.buffer, at, bytes.length).set(bytes);
	const from = module[name]();
	const length = new DataView(module.memory.buffer).getUint32(from, true);
	return new Uint8Array(module.memory.buffer, from + 4, length);
}

const said = (name, text) => new TextDecoder().decode(call(engine, name, new TextEncoder().encode(text)));

async function open({ packed, unpack, module, scenario }) {
	let compiled = module;
	if (!compiled) {
		const { instance } = await WebAssembly.instantiate(await unzipped(bytesOf(unpack)));
		compiled = await WebAssembly.compile(call(instance.exports, 'unpack', bytesOf(packed)).slice());
		postMessage({ module: compiled });
	}
	engine = (await WebAssembly.instantiate(compiled)).exports;
	const faults = said('open', scenario);
	postMessage(faults ? { failed: faults } : { ready: true });
}

onmessage = ({ data }) => {
	if (data.scenario !== undefined) {
		open(data).catch((error) => postMessage({ failed: String(error) }));
		return;
	}
	try {
		postMessage({ version: data.version, answer: said('answer', data.question) });
	} catch (error) {
		// What panicked cannot go on.
		postMessage({ version: data.version, broken: String(error) });
	}
};
